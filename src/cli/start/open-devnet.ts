import path from 'node:path'
import type { Settings } from '../../config/config'
import type { Devnet } from '../../devnet'
import type { Session } from '../session'

interface History {
  /** The devnet must know at least this block again; it makes the same ones from the same seed. */
  readonly knownHeight?: number
  /** Subnets whose validators somebody plays: once the history is made, the script leaves them alone. */
  readonly played?: readonly number[]
}

/** The embedded chain with its scripted miners and validators; loaded only when it is asked for. */
export async function openDevnet(settings: Settings, history: History, session: Session): Promise<Devnet> {
  const { HISTORY_BLOCKS, startScenario } = await import('../../devnet/scenario/start-scenario.js')
  const devnet = await startScenario({
    seed: settings.devnetSeed,
    port: settings.devnetPort,
    blockTimeMs: settings.devnetBlockTimeMs,
    latencyMs: settings.devnetLatencyMs,
    finalityLagBlocks: settings.devnetFinalityLagBlocks,
    atLeastHeight: (history.knownHeight ?? 0) + settings.devnetFinalityLagBlocks + 1,
    // In that block itself the script of 67 would begin to pay the miner that is to lose its uid, and would never end it.
    ...(history.played && { decided: { fromBlock: HISTORY_BLOCKS, netuids: history.played } }),
    journalFile: path.resolve(settings.dataDir, `devnet-${settings.devnetSeed}.jsonl`),
  })
  session.closers.add('devnet', () => devnet.close())
  return devnet
}
