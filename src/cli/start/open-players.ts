import type { Settings } from '../../config/config'
import type { Devnet } from '../../devnet'
import type { Logger } from '../../observability/logger'
import type { Session } from '../session'
import { followDecided, playedSystems } from './follow-decided'
import type { Policies } from './open-systems'

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

const [BITRECS, AUTORESEARCH, CASTER] = ['bitrecs', 'autoresearch', 'caster'] as const
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
  const names = playedSystems(settings).map(({ system }) => system.name)
  const onTrouble: OnTrouble = (error) => logger.info({ err: error }, 'a player of the devnet was refused')
  const troupes: Troupe[] = []
  if (names.includes(BITRECS)) troupes.push(await bitrecs(settings, devnet, session, onTrouble))
  if (names.includes(AUTORESEARCH)) troupes.push(await autoresearch(settings, devnet, session, onTrouble))
  if (names.includes(CASTER)) troupes.push(await caster(settings, devnet, session, onTrouble))
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
      const following = followDecided(BITRECS, settings, devnet, { apiUrl: baseUrl, signal, onTrouble })
      await Promise.all([evaluating, following])
    },
  }
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
    async play(baseUrl) {
      const { signal } = session
      const playing = playAutoresearch({ baseUrl, adminToken, devnet, signal, onTrouble })
      const following = followDecided(AUTORESEARCH, settings, devnet, { apiUrl: baseUrl, signal, onTrouble })
      await Promise.all([playing, following])
    },
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
    async play(baseUrl) {
      const { signal } = session
      let tellOver: () => void = () => undefined
      const over = new Promise<void>((resolve) => {
        tellOver = resolve
      })
      const { dataDir } = settings
      const playing = playCaster({
        baseUrl,
        adminToken,
        devnet,
        dataDir,
        signal,
        onTrouble,
        onOver: () => tellOver(),
      })
      // Before that its second would earn what the decisions give it, and never be the one who loses its uid.
      const isDue = Promise.race([over, playing])
      const following = isDue.then(() =>
        followDecided(CASTER, settings, devnet, { apiUrl: baseUrl, signal, onTrouble }),
      )
      await Promise.all([playing, following])
    },
  }
}
