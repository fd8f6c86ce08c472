import type { Settings } from '../../config/config'
import type { Devnet } from '../../devnet'
import type { Logger } from '../../observability/logger'
import type { Session } from '../session'
import { wantedSystems } from './open-systems'

export interface Players {
  /** The settings with what the scenario's own hosts and secrets are, wherever nobody has named others. */
  readonly settings: Settings
  /** Plays until the session ends. */
  play(baseUrl: string): Promise<void>
}

/** No secrets: the devnet is everyone's. */
const DEVNET_SECRET = 'devnet'
/** A devnet that was killed has open sessions; they end soon. */
const HEARTBEAT_TIMEOUT_SECONDS = 30
const COMMITMENT_PAUSE_MS = 200

/** The scenario's miners, screeners and validators, as clients of the platforms that run in this process. */
export async function openPlayers(
  settings: Settings,
  devnet: Devnet,
  logger: Logger,
  session: Session,
): Promise<Players> {
  const names = wantedSystems(settings).map(({ system }) => system.name)
  if (!settings.devnetPlayers || !names.includes('bitrecs')) return { settings, play: async () => undefined }
  const { startGistHost } = await import('../../devnet/players/bitrecs/gist-host.js')
  const { playBitrecs } = await import('../../devnet/players/bitrecs/play.js')
  const { bitrecsValidatorAddresses } = await import('../../devnet/players/bitrecs/validators.js')
  const gists = await startGistHost(() => devnet.node.chain.head.height)
  session.closers.add('gists of the devnet', () => gists.close())
  const secrets = {
    bitrecsApiKeys: settings.bitrecsApiKeys ?? DEVNET_SECRET,
    bitrecsScreenerPassword: settings.bitrecsScreenerPassword ?? DEVNET_SECRET,
    bitrecsAdminToken: settings.bitrecsAdminToken ?? DEVNET_SECRET,
  }
  return {
    settings: {
      ...settings,
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
    play: (baseUrl) =>
      playBitrecs({
        baseUrl,
        apiKey: secrets.bitrecsApiKeys.split(',')[0]!,
        screenerPassword: secrets.bitrecsScreenerPassword,
        adminToken: secrets.bitrecsAdminToken,
        signal: session.signal,
        onTrouble: (error) => logger.info({ err: error }, 'a player of the devnet was refused'),
      }),
  }
}
