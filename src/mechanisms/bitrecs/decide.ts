import type { EmittedWeights } from '../emit-u16'
import { burnEverything, type Split, splitEmission } from './emission'
import type { BitrecsPolicy } from './policy'
import { type Standings, standings } from './standings'
import type { BitrecsView } from './view'

/** Every way a decision can end. Those with `no_weights_set` make no chain call at all. */
export type BitrecsOutcome =
  | 'weights'
  | 'burn_only'
  | 'no_data_no_weights_set'
  | 'error_empty_frontier_no_weights_set'
  | 'no_first_block_no_weights_set'
  | 'error_invalid_weights_no_weights_set'

export interface WeightShare {
  readonly hotkey: string
  readonly uid: number
  /** Fraction of the whole emission. */
  readonly share: number
}

export interface BitrecsDecision {
  readonly policyId: string
  readonly height: number
  readonly outcome: BitrecsOutcome
  /** Shares of miners, without the burn. Empty when everything is burned or nothing is set. */
  readonly weights: readonly WeightShare[]
  /** Fraction that goes to the burn uid; 0 when nothing is set. */
  readonly burn: number
  /** What a validator has to put on chain; empty when nothing is set. */
  readonly u16: EmittedWeights
  readonly evidence: BitrecsEvidence
}

export interface BitrecsEvidence {
  readonly tasks: readonly string[]
  readonly miners: readonly MinerEvidence[]
  readonly excluded: readonly { readonly key: string; readonly reason: string }[]
  readonly epsilons: readonly number[]
  /** Keys [dominator, dominated]. */
  readonly dominancePairs: readonly (readonly [string, string])[]
  readonly winner: string | null
  readonly decay: number | null
}

export interface MinerEvidence {
  readonly key: string
  readonly hotkey: string
  readonly uid: number
  readonly firstBlock: number | null
  readonly scores: Readonly<Record<string, number>>
  readonly onFrontier: boolean
  readonly points: number
  /** Softmax of the points of those that stand; null for the others. */
  readonly weight: number | null
}

/**
 * The Bitrecs decision at a block: a pure function of the view and the policy (spec bitrecs §5). Equal inputs give equal
 * bytes on any machine.
 */
export function decide(view: BitrecsView, policy: BitrecsPolicy): BitrecsDecision {
  if (view.setWeights && policy.emissionPortion <= 0) return close(view, policy, 'burn_only')
  if (view.rows.length === 0)
    return close(view, policy, policy.noScores === 'burn' ? 'burn_only' : 'no_data_no_weights_set')
  return conclude(view, policy, standings(view, policy))
}

/** The second half of `decide`, for callers that already hold the standings. */
export function conclude(view: BitrecsView, policy: BitrecsPolicy, table: Standings): BitrecsDecision {
  const { miners } = table.aggregated
  if (table.winner === undefined) {
    if (miners.length > 0) return close(view, policy, 'error_empty_frontier_no_weights_set', table)
    return close(view, policy, policy.noScores === 'burn' ? 'burn_only' : 'no_data_no_weights_set', table)
  }
  const winner = miners[table.winner]!
  if (!winner.firstBlock) {
    const outcome = policy.unknownFirstBlock === 'burn' ? 'burn_only' : 'no_first_block_no_weights_set'
    return close(view, policy, outcome, table)
  }
  const split = splitEmission(winner.uid, winner.firstBlock, view.height, policy)
  const share = split.weights[1]!
  if (!(share >= 0 && share <= 1)) return close(view, policy, 'error_invalid_weights_no_weights_set', table)
  // The reference pays whoever holds the uid now (spec §7, item 5); with tenures only the holder itself can have stood.
  const hotkey = view.holders?.[winner.uid]?.hotkey ?? winner.hotkey
  return {
    policyId: policy.id,
    height: view.height,
    outcome: 'weights',
    weights: [{ hotkey, uid: winner.uid, share }],
    burn: split.weights[0]!,
    u16: split.u16,
    evidence: evidenceOf(table, split),
  }
}

function close(
  view: BitrecsView,
  policy: BitrecsPolicy,
  outcome: BitrecsOutcome,
  table?: Standings,
): BitrecsDecision {
  const burn = outcome === 'burn_only' ? burnEverything(policy) : undefined
  return {
    policyId: policy.id,
    height: view.height,
    outcome,
    weights: [],
    burn: burn ? 1 : 0,
    u16: burn?.u16 ?? { uids: [], values: [] },
    evidence: table ? evidenceOf(table) : NO_EVIDENCE,
  }
}

const NO_EVIDENCE: BitrecsEvidence = {
  tasks: [],
  miners: [],
  excluded: [],
  epsilons: [],
  dominancePairs: [],
  winner: null,
  decay: null,
}

function evidenceOf(table: Standings, split?: Split): BitrecsEvidence {
  const { miners, tasks, excluded } = table.aggregated
  const frontier = new Set(table.frontier.members)
  const weightOf = new Map(table.standing.map((index, position) => [index, table.weights[position]!]))
  return {
    tasks,
    miners: miners.map((miner, index) => ({
      key: miner.key,
      hotkey: miner.hotkey,
      uid: miner.uid,
      firstBlock: miner.firstBlock ?? null,
      scores: Object.fromEntries(miner.scores),
      onFrontier: frontier.has(index),
      points: table.points[index]!,
      weight: weightOf.get(index) ?? null,
    })),
    excluded,
    epsilons: table.frontier.epsilons,
    dominancePairs: table.frontier.dominancePairs.map(([a, b]) => [miners[a]!.key, miners[b]!.key]),
    winner: table.winner === undefined ? null : miners[table.winner]!.key,
    decay: split?.decay ?? null,
  }
}
