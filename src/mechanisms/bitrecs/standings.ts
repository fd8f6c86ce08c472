import { type Aggregated, aggregate, type Miner } from './aggregate'
import { type Award, award } from './award'
import { type Contest, contestOf } from './contest'
import { type Frontier, frontier } from './frontier'
import type { BitrecsPolicy } from './policy'
import { softmax } from './softmax'
import { tenureGate } from './tenure-gate'
import type { BitrecsView } from './view'

/** Everything up to the winner; indices refer to `aggregated.miners`. */
export interface Standings {
  readonly aggregated: Aggregated
  readonly frontier: Frontier
  /** Frontier as the policy uses it: everyone, when it is empty and the policy says so. */
  readonly standing: readonly number[]
  /** Miners that contested the subsets, as indices into `aggregated.miners`. */
  readonly contestants: readonly number[]
  readonly contest: Contest
  /** Indices in here are positions in `contestants`. */
  readonly award: Award
  /** Points of every miner, and those of `standing` alone in the same order. */
  readonly points: readonly number[]
  readonly standingPoints: readonly number[]
  readonly weights: readonly number[]
  /** Undefined when nobody stands. */
  readonly winner?: number
}

/** Scores to winner (spec bitrecs §5.2–5.6). */
export function standings(view: BitrecsView, policy: BitrecsPolicy): Standings {
  const aggregated = tenureGate(aggregate(view, policy), view, policy)
  const { miners, tasks, samples } = aggregated
  const edge = frontier(aggregated, policy)
  const all = miners.map((_, index) => index)
  const everyoneStands =
    policy.frontierFilter === 'never' || (edge.members.length === 0 && policy.emptyFrontier === 'everyone')
  const standing = everyoneStands ? all : edge.members
  const contestants = policy.frontierFilter === 'before' ? standing : all
  const contest = contestOf(
    contestants.map((index) => miners[index]!),
    tasks,
    samples,
    policy,
  )
  const awarded = award(contest, policy.winnerRule, policy.scheme)
  const points = new Array<number>(miners.length).fill(0)
  for (const [position, index] of contestants.entries()) points[index] = awarded.points[position]!
  const standingPoints = standing.map((index) => points[index]!)
  const weights = softmax(standingPoints, policy.softmax.temperature, policy.softmax.minWeight)
  const best = firstBest(standing, weights, points, miners, policy)
  return {
    aggregated,
    frontier: edge,
    standing,
    contestants,
    contest,
    award: awarded,
    points,
    standingPoints,
    weights,
    ...(best === undefined ? {} : { winner: best }),
  }
}

/** Largest weight; equal ones by engine order (reference) or by seniority. */
function firstBest(
  standing: readonly number[],
  weights: readonly number[],
  points: readonly number[],
  miners: readonly Miner[],
  policy: BitrecsPolicy,
): number | undefined {
  let best: number | undefined
  let bestWeight = Number.NEGATIVE_INFINITY
  for (const [position, index] of standing.entries()) {
    const weight = policy.pointsTie === 'seniority' ? points[index]! : weights[position]!
    const wins =
      weight > bestWeight ||
      (weight === bestWeight && policy.pointsTie === 'seniority' && isOlder(miners[index]!, miners[best!]!))
    if (!wins) continue
    best = index
    bestWeight = weight
  }
  return best
}

function isOlder(a: Miner, b: Miner): boolean {
  const blockA = a.firstBlock ?? Number.POSITIVE_INFINITY
  const blockB = b.firstBlock ?? Number.POSITIVE_INFINITY
  return blockA === blockB ? a.key < b.key : blockA < blockB
}
