import { decay } from './decay'
import type { BitrecsPolicy } from './policy'
import type { Standings } from './standings'

export type Verdict =
  | 'won'
  | 'dominated'
  | 'fewer_points'
  | 'tie_lost'
  | 'no_first_block'
  | 'excluded'
  | 'unknown'

/** One dominator and what it would have taken to escape it. */
export interface Domination {
  readonly by: string
  readonly tasks: readonly {
    readonly task: string
    readonly own: number
    readonly other: number
    readonly epsilon: number
  }[]
  /** The smallest rise in one task that ends this domination. */
  readonly escape: { readonly task: string; readonly missing: number } | null
}

export interface Explanation {
  readonly key: string
  readonly verdict: Verdict
  /** Why the miner did not even contest; only with verdict `excluded`. */
  readonly reason?: string
  /** 1 for the most points among all miners; equal points share a rank. */
  readonly rank: number | null
  readonly miners: number
  readonly points: number
  readonly winner: string | null
  readonly winnerPoints: number | null
  /** Points missing to overtake the winner: one more than the difference; 0 for the winner. */
  readonly missingPoints: number | null
  readonly subsetsWon: number
  readonly subsetsTotal: number
  readonly onFrontier: boolean
  readonly dominatedBy: readonly Domination[]
  readonly firstBlock: number | null
  /** Decay that the miner has, or would have, at the block. */
  readonly decay: number | null
}

/**
 * Why a miner won or lost, in numbers.
 * @param key identity under the policy: the uid in decimal, or `hotkey@tenure`; a bare hotkey is accepted too
 * @param height block of the decision
 */
export function explain(table: Standings, policy: BitrecsPolicy, key: string, height: number): Explanation {
  const { miners, excluded } = table.aggregated
  const index = miners.findIndex((miner) => miner.key === key || miner.hotkey === key)
  const winnerIndex = table.winner
  const winner = winnerIndex === undefined ? null : miners[winnerIndex]!
  const base = {
    miners: miners.length,
    winner: winner?.key ?? null,
    winnerPoints: winnerIndex === undefined ? null : table.points[winnerIndex]!,
    subsetsTotal: table.award.winners.length - 1,
  }
  if (index < 0) {
    const exclusion = excluded.find((entry) => entry.key === key || entry.key.startsWith(`${key}@`))
    return {
      ...base,
      ...NOT_RANKED,
      key,
      verdict: exclusion ? 'excluded' : 'unknown',
      ...(exclusion ? { reason: exclusion.reason } : {}),
    }
  }
  const miner = miners[index]!
  const points = table.points[index]!
  const position = table.contestants.indexOf(index)
  const dominatedBy = table.frontier.dominancePairs
    .filter(([, loser]) => loser === index)
    .map(([dominator]) => domination(table, dominator, index))
  return {
    ...base,
    key: miner.key,
    verdict: verdictOf(table, index),
    rank: 1 + table.points.filter((other) => other > points).length,
    points,
    missingPoints:
      winnerIndex === undefined
        ? null
        : Math.max(0, table.points[winnerIndex]! - points + (winnerIndex === index ? 0 : 1)),
    subsetsWon: table.award.winners.reduce(
      (count, winnerOf) => count + (position >= 0 && winnerOf === position ? 1 : 0),
      0,
    ),
    onFrontier: table.frontier.members.includes(index),
    dominatedBy,
    firstBlock: miner.firstBlock ?? null,
    decay: miner.firstBlock === undefined ? null : decay(miner.firstBlock, height, policy.decay),
  }
}

const NOT_RANKED = {
  rank: null,
  points: 0,
  missingPoints: null,
  subsetsWon: 0,
  onFrontier: false,
  dominatedBy: [],
  firstBlock: null,
  decay: null,
} as const

function verdictOf(table: Standings, index: number): Verdict {
  if (table.winner === index) return table.aggregated.miners[index]!.firstBlock ? 'won' : 'no_first_block'
  if (!table.standing.includes(index)) return 'dominated'
  if (table.winner === undefined) return 'unknown'
  return table.points[index] === table.points[table.winner] ? 'tie_lost' : 'fewer_points'
}

/**
 * To escape, one task must rise above the dominator's score plus ε there, or the dominator must lose its edge; the first is
 * what a miner can do, so that is what is counted.
 */
function domination(table: Standings, dominator: number, index: number): Domination {
  const { miners, tasks } = table.aggregated
  const cells = tasks.map((task, j) => ({
    task,
    own: Math.fround(miners[index]!.scores.get(task) ?? 0),
    other: Math.fround(miners[dominator]!.scores.get(task) ?? 0),
    epsilon: table.frontier.band(dominator, index, j),
  }))
  const options = cells
    .map(({ task, own, other, epsilon }) => ({ task, missing: other + epsilon - own }))
    .filter((option) => option.missing >= 0)
    .sort((a, b) => a.missing - b.missing)
  return { by: miners[dominator]!.key, tasks: cells, escape: options[0] ?? null }
}
