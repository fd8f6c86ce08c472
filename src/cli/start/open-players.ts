import type { Settings } from '../../config/config'
import type { Devnet } from '../../devnet'
import type { Logger } from '../../observability/logger'
import type { Session } from '../session'
import { type Policies, wantedSystems } from './open-systems'

export interface Players {
  /** The settings with what the scenario's own hosts and secrets are, wherever nobody has named others. */
  readonly settings: Settings
  /** First policies by system, where the usual one names what the devnet does not have. */
  readonly policies: Policies
  /** Plays until the session ends. */
  play(baseUrl: string): Promise<void>
}

type OnTrouble = (error: unknown) => void

/** Miners and validators of one subnet: what they need of the settings, and what they do. */
interface Troupe {
  readonly settings: Partial<Settings>
  readonly policies?: Policies
  play(baseUrl: string): Promise<void>
}

/** Subnet systems whose miners and validators are played on the devnet. */
export const playedSystems = (settings: Settings): string[] =>
  settings.devnetPlayers ? wantedSystems(settings).map(({ system }) => system.name) : []

/** No secrets: the devnet is everyone's. */
const DEVNET_SECRET = 'devnet'
/** A devnet that was killed has open sessions; they end soon. */
const HEARTBEAT_TIMEOUT_SECONDS = 30
const COMMITMENT_PAUSE_MS = 200
const CASTER_POLL_SECONDS = 1

/** The scenario's miners, screeners and validators, as clients of the platforms that run in this process. */
export async function openPlayers(
  settings: Settings,
  devnet: Devnet,
  logger: Logger,
  session: Session,
): Promise<Players> {
  const names = playedSystems(settings)
  const onTrouble: OnTrouble = (error) => logger.info({ err: error }, 'a player of the devnet was refused')
  const troupes: Troupe[] = []
  if (names.includes('bitrecs')) troupes.push(await bitrecs(settings, devnet, session, onTrouble))
  if (names.includes('autoresearch')) troupes.push(await autoresearch(settings, devnet, session, onTrouble))
  if (names.includes('caster')) troupes.push(await caster(settings, devnet, session, onTrouble))
  return {
    settings: Object.assign({}, settings, ...troupes.map((troupe) => troupe.settings)),
    policies: Object.assign({}, ...troupes.map((troupe) => troupe.policies)),
    async play(baseUrl) {
      await Promise.all(troupes.map((troupe) => troupe.play(baseUrl)))
    },
  }
}

async function bitrecs(
  settings: Settings,
  devnet: Devnet,
  session: Session,
  onTrouble: OnTrouble,
): Promise<Troupe> {
  const { startGistHost } = await import('../../devnet/players/bitrecs/gist-host.js')
  const { playBitrecs } = await import('../../devnet/players/bitrecs/play.js')
  const { bitrecsValidatorAddresses } = await import('../../devnet/players/bitrecs/validators.js')
  const { devnetPolicy } = await import('../../devnet/players/bitrecs/policy.js')
  const gists = await startGistHost(() => devnet.node.chain.head.height)
  session.closers.add('gists of the devnet', () => gists.close())
  const secrets = {
    bitrecsApiKeys: settings.bitrecsApiKeys ?? DEVNET_SECRET,
    bitrecsScreenerPassword: settings.bitrecsScreenerPassword ?? DEVNET_SECRET,
    bitrecsAdminToken: settings.bitrecsAdminToken ?? DEVNET_SECRET,
  }
  return {
    policies: { bitrecs: devnetPolicy() },
    settings: {
      ...secrets,
      bitrecsGistApiUrl: gists.url,
      bitrecsGistRawUrl: gists.url,
      // The devnet's time is its own: its gists are as old as its blocks.
      bitrecsGistMaxAgeSeconds: 0,
      // Its reveals come with the block: whoever has none will not have one soon.
      bitrecsCommitmentAttempts: 2,
      bitrecsCommitmentPauseMs: COMMITMENT_PAUSE_MS,
      bitrecsHeartbeatTimeoutSeconds: HEARTBEAT_TIMEOUT_SECONDS,
      bitrecsValidators: settings.bitrecsValidators || bitrecsValidatorAddresses(),
    },
    async play(baseUrl) {
      const { signal } = session
      const evaluating = playBitrecs({
        baseUrl,
        apiKey: secrets.bitrecsApiKeys.split(',')[0]!,
        screenerPassword: secrets.bitrecsScreenerPassword,
        adminToken: secrets.bitrecsAdminToken,
        signal,
        onTrouble,
      })
      await Promise.all([evaluating, followDevnet(settings, devnet, baseUrl, { signal, onTrouble })])
    },
  }
}

/** The first two validators of 122; the script leaves them alone once its history is made. */
async function followDevnet(
  settings: Settings,
  devnet: Devnet,
  apiUrl: string,
  rest: { readonly signal: AbortSignal; readonly onTrouble: OnTrouble },
): Promise<void> {
  const { followAsValidators } = await import('./follow-as-validators.js')
  const { beaconKeyOf, followers } = await import('../../devnet/players/bitrecs/validators.js')
  await followAsValidators({
    netuid: followers.netuid,
    seeds: followers.seeds,
    apiUrl,
    nodeUrl: devnet.wsUrl,
    beaconKey: beaconKeyOf(settings.devnetSeed),
    folder: settings.dataDir,
    ...rest,
  })
}

async function autoresearch(
  settings: Settings,
  devnet: Devnet,
  session: Session,
  onTrouble: OnTrouble,
): Promise<Troupe> {
  const { playAutoresearch } = await import('../../devnet/players/autoresearch/play.js')
  const { autoresearchValidatorAddresses } = await import('../../devnet/players/autoresearch/actors.js')
  const { devnetPolicy } = await import('../../devnet/players/autoresearch/policy.js')
  const adminToken = settings.autoresearchAdminToken ?? DEVNET_SECRET
  return {
    policies: { autoresearch: devnetPolicy() },
    settings: {
      autoresearchAdminToken: adminToken,
      autoresearchValidators: settings.autoresearchValidators || autoresearchValidatorAddresses(),
    },
    play: (baseUrl) => playAutoresearch({ baseUrl, adminToken, devnet, signal: session.signal, onTrouble }),
  }
}

async function caster(
  settings: Settings,
  devnet: Devnet,
  session: Session,
  onTrouble: OnTrouble,
): Promise<Troupe> {
  const { playCaster } = await import('../../devnet/players/caster/play.js')
  const { casterPlatformKey } = await import('../../devnet/players/caster/actors.js')
  const adminToken = settings.casterAdminToken ?? DEVNET_SECRET
  return {
    settings: {
      casterAdminToken: adminToken,
      casterPlatformKeyUri: settings.casterPlatformKeyUri ?? casterPlatformKey(),
      // Its validators are on this machine.
      casterAllowPrivateHosts: true,
      casterPollSeconds: CASTER_POLL_SECONDS,
    },
    play: (baseUrl) =>
      playCaster({
        baseUrl,
        adminToken,
        devnet,
        dataDir: settings.dataDir,
        signal: session.signal,
        onTrouble,
      }),
  }
}
