import type { BitrecsPolicy } from './policy'
import { standings } from './standings'
import { threshold } from './threshold'
import type { BitrecsView } from './view'

/** Subsets whose winners are shown; all of them are counted. */
const SHOWN_SUBSETS = 10

export interface TableRow {
  readonly uid: number
  readonly scores: Readonly<Record<string, number>>
  /** The score that a later miner must exceed, by task (spec bitrecs §5.4). */
  readonly thresholds: Readonly<Record<string, number>>
  readonly points: number
  /** Null: not among those that stand. */
  readonly weight: number | null
  readonly onFrontier: boolean
  readonly firstBlock: number | null
  readonly subsetsWon: number
}

/** What the existing API shows of a contest (spec bitrecs §6, pareto and wta). */
export interface ScoringTables {
  readonly tasks: readonly string[]
  readonly samples: Readonly<Record<string, number>>
  /** In engine order. */
  readonly rows: readonly TableRow[]
  /** Positions [dominator, dominated] in `rows`. */
  readonly dominance: readonly (readonly [number, number])[]
  /** The first of all subsets, smaller ones first, then in task order. */
  readonly subsets: readonly { readonly tasks: readonly string[]; readonly winnerUid: number | null }[]
}

export function scoringTables(view: BitrecsView, policy: BitrecsPolicy): ScoringTables {
  const { aggregated, frontier, standing, contestants, award, points, weights } = standings(view, policy)
  const { miners, tasks, samples } = aggregated
  const members = new Set(frontier.members)
  const weightOf = new Map(standing.map((index, position) => [index, weights[position]!]))
  const won = new Array<number>(miners.length).fill(0)
  for (const position of award.winners) if (position >= 0) won[contestants[position]!]! += 1
  const winnerOf = (subset: readonly number[]) => {
    const position = award.winners[subset.reduce((mask, task) => mask | (1 << task), 0)]!
    return position < 0 ? null : miners[contestants[position]!]!.uid
  }
  return {
    tasks,
    samples: Object.fromEntries(samples),
    dominance: frontier.dominancePairs,
    subsets: firstSubsets(tasks.length, SHOWN_SUBSETS).map((subset) => ({
      tasks: subset.map((task) => tasks[task]!),
      winnerUid: winnerOf(subset),
    })),
    rows: miners.map((miner, index) => ({
      uid: miner.uid,
      scores: Object.fromEntries(miner.scores),
      thresholds: Object.fromEntries(
        [...miner.scores].map(([task, score]) => [
          task,
          threshold(score, samples.get(task) ?? policy.epsilon.defaultSamples, policy.threshold),
        ]),
      ),
      points: points[index]!,
      weight: weightOf.get(index) ?? null,
      onFrontier: members.has(index),
      firstBlock: miner.firstBlock ?? null,
      subsetsWon: won[index]!,
    })),
  }
}

/** Non-empty subsets of 0 … n − 1 by size, then in lexicographic order. */
function firstSubsets(n: number, count: number): number[][] {
  const found: number[][] = []
  const extend = (subset: number[], from: number, size: number): void => {
    if (found.length === count) return
    if (subset.length === size) {
      found.push(subset)
      return
    }
    for (let task = from; task < n; task++) extend([...subset, task], task + 1, size)
  }
  for (let size = 1; size <= n; size++) extend([], 0, size)
  return found
}
