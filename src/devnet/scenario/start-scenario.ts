import type { Scenario } from '../node/author'
import { startDevnet } from '../node/devnet'
import type { Devnet } from '../node/devnet-options'
import { devnetPallets } from '../pallets'
import { balances, casts, root } from './actors'
import { commitments } from './commitments'
import { lifecycle } from './lifecycle'
import { newArtifacts } from './living'
import { Locksmith } from './payload'
import { setup } from './setup'
import type { Step } from './step'
import { hashedWeights, openWeights, timelockedWeights } from './weights'

export interface ScenarioOptions {
  readonly seed: number
  readonly port?: number
  readonly blockTimeMs?: number
  readonly latencyMs?: number
  readonly finalityLagBlocks?: number
  /** Blocks that must be there at once: a restart makes again what was indexed. */
  readonly atLeastHeight?: number
  /** Blocks of history made before the first request is answered. */
  readonly historyBlocks?: number
  /** File of the transactions that clients sent, so that a restart makes the same blocks. */
  readonly journalFile?: string
}

export const HISTORY_BLOCKS = 600
const FIRST_SPEC = 393
/** Block that is the last of spec 393. */
const UPGRADE_HEIGHT = 300
const SECOND_SPEC = 424

/** Miners and validators of 122, 94 and 67 live their lives: the same for the same seed, block by block. */
export function scenario(seed: number): Scenario {
  const locksmith = new Locksmith(seed)
  const script = new Map<number, Step[]>()
  for (const [height, step] of [...setup, ...commitments, ...lifecycle]) {
    script.set(height, [...(script.get(height) ?? []), step])
  }
  const always = [openWeights, hashedWeights, timelockedWeights, newArtifacts]
  return {
    name: 'three subnets',
    balances: balances(),
    sudoKey: root.account,
    beforeBlock(context) {
      for (const step of [...(script.get(context.height) ?? []), ...always]) step(context, locksmith)
    },
  }
}

export function startScenario(options: ScenarioOptions): Promise<Devnet> {
  const { seed, atLeastHeight = 0, historyBlocks = HISTORY_BLOCKS, ...rest } = options
  const subnets = casts.map(({ netuid, owner }) => ({
    netuid,
    coldkey: owner.coldkey.account,
    hotkey: owner.hotkey.account,
  }))
  return startDevnet({
    ...rest,
    seed,
    specVersion: FIRST_SPEC,
    upgrades: [{ height: UPGRADE_HEIGHT, specVersion: SECOND_SPEC }],
    pallets: devnetPallets(seed, subnets),
    scenario: scenario(seed),
    initialBlocks: Math.max(historyBlocks, atLeastHeight),
  })
}
