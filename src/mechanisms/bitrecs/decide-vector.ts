import { type BitrecsDecision, conclude, decide } from './decide'
import type { BitrecsPolicy } from './policy'
import { type Standings, standings } from './standings'
import type { BitrecsView } from './view'

/** A pipeline vector: the inputs of one decision, with NaN written as the string "NaN". */
export interface PipelineVector {
  readonly rows: readonly {
    readonly hotkey: string
    readonly uid: number | null
    readonly task_name: string
    readonly score: number | 'NaN'
    readonly sample_size: number
    readonly tenure?: string
  }[]
  readonly miner_first_blocks_by_hotkey: Readonly<Record<string, number>>
  /** Null: 7,200 blocks (a day) after the winner's first block. */
  readonly current_block: number | null
  readonly emission_portion: number
  readonly subset_scheme: 'linear' | 'exponential' | 'equal'
  readonly set_weights: boolean
}

const BLOCKS_AFTER_FIRST_WHEN_UNSTATED = 7200

/** The decision for a pipeline vector, in the shape of the vector's `expected`. */
export function decidePipeline(vector: PipelineVector, profile: BitrecsPolicy): Record<string, unknown> {
  const policy = { ...profile, emissionPortion: vector.emission_portion, scheme: vector.subset_scheme }
  const view = viewOf(vector)
  if (vector.rows.length === 0 || (vector.set_weights && policy.emissionPortion <= 0)) {
    return outcomeShape(decide(view, policy), view.height, policy)
  }
  const table = standings(view, policy)
  const first = table.winner === undefined ? 0 : (table.aggregated.miners[table.winner]!.firstBlock ?? 0)
  const height = vector.current_block ?? first + BLOCKS_AFTER_FIRST_WHEN_UNSTATED
  const decision = conclude({ ...view, height }, policy, table)
  return { ...standingsShape(table, first), ...outcomeShape(decision, height, policy) }
}

export function viewOf(vector: PipelineVector): BitrecsView {
  return {
    height: vector.current_block ?? 0,
    rows: vector.rows.map((row) => ({
      hotkey: row.hotkey,
      uid: row.uid,
      taskName: row.task_name,
      score: row.score === 'NaN' ? Number.NaN : row.score,
      sampleSize: row.sample_size,
      ...(row.tenure === undefined ? {} : { tenure: row.tenure }),
    })),
    firstBlocks: Object.fromEntries(
      Object.entries(vector.miner_first_blocks_by_hotkey).map(([hotkey, reveal]) => [hotkey, { reveal }]),
    ),
    setWeights: vector.set_weights,
  }
}

function standingsShape(table: Standings, winnerFirstBlock: number): Record<string, unknown> {
  const { miners, tasks, samples } = table.aggregated
  const uidOf = (index: number) => miners[index]!.uid
  const byUid = <T>(indices: readonly number[], value: (index: number, position: number) => T) =>
    Object.fromEntries(indices.map((index, position) => [uidOf(index), value(index, position)]))
  const all = miners.map((_, index) => index)
  return {
    uid_order: all.map(uidOf),
    env_order: tasks,
    samples: Object.fromEntries(tasks.map((task) => [task, samples.get(task)!])),
    miner_scores: byUid(all, (index) =>
      Object.fromEntries([...miners[index]!.scores].map(([task, score]) => [task, plain(score)])),
    ),
    first_blocks_by_uid: byUid(
      all.filter((index) => miners[index]!.firstBlock !== undefined),
      (index) => miners[index]!.firstBlock!,
    ),
    epsilons: table.frontier.epsilons.map(plain),
    frontier: table.frontier.members.map(uidOf),
    dominance_pairs: table.frontier.dominancePairs.map(([a, b]) => [uidOf(a), uidOf(b)]),
    subset_points_all: byUid(all, (index) => table.points[index]!),
    subset_points_frontier: byUid(table.standing, (index) => table.points[index]!),
    weights: byUid(table.standing, (_, position) => plain(table.weights[position]!)),
    winner_uid: table.winner === undefined ? null : uidOf(table.winner),
    winner_first_block: winnerFirstBlock,
  }
}

function outcomeShape(
  decision: BitrecsDecision,
  height: number,
  policy: BitrecsPolicy,
): Record<string, unknown> {
  if (decision.outcome === 'burn_only') return burnShape(decision, policy)
  if (decision.outcome !== 'weights') return { outcome: decision.outcome }
  const [winner] = decision.weights
  return {
    outcome: decision.outcome,
    current_block: height,
    decay: decision.evidence.decay,
    uids: [policy.burnUid, winner!.uid],
    set_weights: [decision.burn, winner!.share],
    emit_u16: decision.u16,
  }
}

function burnShape(decision: BitrecsDecision, policy: BitrecsPolicy): Record<string, unknown> {
  return { outcome: 'burn_only', uids: [policy.burnUid], set_weights: [1], emit_u16: decision.u16 }
}

/** JSON has no NaN; the vectors write it as a string. */
function plain(value: number): number | 'NaN' {
  return Number.isNaN(value) ? 'NaN' : value
}
