import type { Scenario } from '../node/author'
import { startDevnet } from '../node/devnet'
import type { Devnet } from '../node/devnet-options'
import { devnetPallets } from '../pallets'
import { balances, casts, root } from './actors'
import { commitments } from './commitments'
import { lifecycle } from './lifecycle'
import { newcomers } from './living'
import { Locksmith } from './locksmith'
import { type CommitReveal, setup, usualCommitReveal } from './setup'
import type { Step } from './step'
import { type Decided, weightSteps } from './weights'

export interface ScenarioOptions extends ScriptOptions {
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

/** What of the script may be left to others. */
export interface ScriptOptions {
  /** Instead of the usual (122 and 94 on, 67 off), by netuid; from block 1 on. */
  readonly commitReveal?: CommitReveal
  /** Netuids whose validators set weights by the script; all three when absent. Others may set them as those actors. */
  readonly scriptedWeights?: readonly number[]
  /** Validators that set what they find decided, not what the script says. */
  readonly decided?: Decided
  /** Something of the caller's own, before each block and after the script. A history is made anew at a restart. */
  readonly beforeBlock?: Step
}

/** Miners and validators of 122, 94 and 67 live their lives: the same for the same seed, block by block. */
export function scenario(seed: number, options: ScriptOptions = {}): Scenario {
  const locksmith = new Locksmith(seed)
  const script = new Map<number, Step[]>()
  const commitReveal = { ...usualCommitReveal, ...options.commitReveal }
  for (const [height, step] of [...setup(commitReveal), ...commitments, ...lifecycle]) {
    script.set(height, [...(script.get(height) ?? []), step])
  }
  const own = weightSteps(options.scriptedWeights, options.decided)
  const always = [...own, newcomers, options.beforeBlock ?? nothing]
  return {
    name: 'three subnets',
    balances: balances(),
    sudoKey: root.account,
    beforeBlock(context) {
      for (const step of [...(script.get(context.height) ?? []), ...always]) step(context, locksmith)
    },
  }
}

const nothing: Step = () => {}

export function startScenario(options: ScenarioOptions): Promise<Devnet> {
  const { seed, atLeastHeight = 0, historyBlocks = HISTORY_BLOCKS, ...others } = options
  const { commitReveal, scriptedWeights, decided, beforeBlock, ...rest } = others
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
    scenario: scenario(seed, options),
    initialBlocks: Math.max(historyBlocks, atLeastHeight),
  })
}
