import type { Miner } from './aggregate'
import type { BitrecsPolicy } from './policy'
import { threshold } from './threshold'

/** Miners and tasks of a contest for subsets, by index. */
export interface Contest {
  readonly minerCount: number
  readonly taskCount: number
  readonly uids: readonly number[]
  /** Infinity where unknown: an unknown first block loses every seniority comparison. */
  readonly firstBlocks: Float64Array
  /** By task, then miner; missing is 0. Unrounded doubles: only the frontier works on float32. */
  readonly scores: readonly Float64Array[]
  /** By task, then miner: the score a later miner must exceed. */
  readonly thresholds: readonly Float64Array[]
  readonly flatGap: number
  readonly tieScope: BitrecsPolicy['tieScope']
}

export function contestOf(
  miners: readonly Miner[],
  tasks: readonly string[],
  samples: ReadonlyMap<string, number>,
  policy: BitrecsPolicy,
): Contest {
  const column = (value: (miner: Miner, task: string) => number) =>
    tasks.map((task) => Float64Array.from(miners, (miner) => value(miner, task)))
  return {
    minerCount: miners.length,
    taskCount: tasks.length,
    uids: miners.map((miner) => miner.uid),
    firstBlocks: Float64Array.from(miners, (miner) => miner.firstBlock ?? Number.POSITIVE_INFINITY),
    scores: column((miner, task) => miner.scores.get(task) ?? 0),
    thresholds: column((miner, task) => {
      const score = miner.scores.get(task)
      // A task that the miner never ran has no threshold of its own; the reference falls back to 0 + the flat gap.
      if (score === undefined) return policy.flatGap
      return threshold(score, samples.get(task) ?? policy.epsilon.defaultSamples, policy.threshold)
    }),
    flatGap: policy.flatGap,
    tieScope: policy.tieScope,
  }
}

/** Whether `a` is senior to `b`: earlier first block, then smaller uid, then engine order (spec bitrecs §5.5, item 4). */
export function isSenior(contest: Contest, a: number, b: number): boolean {
  const blockA = contest.firstBlocks[a]!
  const blockB = contest.firstBlocks[b]!
  if (blockA !== blockB) return blockA < blockB
  return contest.uids[a] === contest.uids[b] ? a < b : contest.uids[a]! < contest.uids[b]!
}

/** Indices by first block; miners of one block stay in engine order, as a stable sort leaves them. */
export function byFirstBlock({ firstBlocks, minerCount }: Contest): number[] {
  const order = Array.from({ length: minerCount }, (_, index) => index)
  return order.sort((a, b) =>
    firstBlocks[a]! === firstBlocks[b]! ? a - b : firstBlocks[a]! - firstBlocks[b]!,
  )
}

/**
 * Decides one subset of tasks. Subsets are walked depth first, and `enter` adds one task to the prefix at `depth`, so that a
 * rule can build on the prefix instead of starting again. Tasks are always entered in ascending order.
 */
export interface SubsetJudge {
  enter(depth: number, task: number): void
  /** Index of the winner of the prefix that ends at `depth`, −1 for nobody. */
  winner(depth: number): number
}

/** No miner wins the subset. */
export const NOBODY = -1
