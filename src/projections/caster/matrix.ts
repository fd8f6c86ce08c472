import type { RowSource } from '../core/row-source'
import { addressOf } from './address'

/** What one validator reported: artifacts in the order of the batch's candidates, tasks in that of its claims. */
export interface ValidatorMatrix {
  readonly validator: string
  /** null: no grade. */
  readonly scores: readonly (readonly (number | null)[])[]
  readonly costUsd: readonly number[]
  readonly runtimeMs: readonly number[]
}

interface Shape {
  readonly artifactIds: readonly string[]
  readonly claimIds: readonly string[]
}

const MICRO = 1_000_000
/** All that is looked at of a grade: a batch may have a million of them. */
const COLUMNS = ['artifact_id', 'claim_id', 'total', 'cost_micro_usd', 'runtime_ms']

/** @param validator account as rows have it (`\x…`) */
export async function readMatrix(
  source: RowSource,
  batchId: string,
  validator: string,
  { artifactIds, claimIds }: Shape,
): Promise<ValidatorMatrix> {
  const grades = await source.rows('caster_grade', { batch_id: batchId, validator }, COLUMNS)
  const artifacts = new Map(artifactIds.map((id, index) => [id, index]))
  const tasks = new Map(claimIds.map((id, index) => [id, index]))
  const scores = artifactIds.map(() => new Array<number | null>(claimIds.length).fill(null))
  const microUsd = artifactIds.map(() => 0)
  const runtimeMs = artifactIds.map(() => 0)
  for (const grade of grades) {
    const artifact = artifacts.get(grade.artifact_id as string)
    const task = tasks.get(grade.claim_id as string)
    // The first grade of a cell is the one that counts.
    if (artifact === undefined || task === undefined || scores[artifact]![task] !== null) continue
    scores[artifact]![task] = Number(grade.total)
    microUsd[artifact]! += Number(grade.cost_micro_usd)
    runtimeMs[artifact]! += Number(grade.runtime_ms)
  }
  return {
    validator: addressOf(validator),
    scores,
    costUsd: microUsd.map((sum) => sum / MICRO),
    runtimeMs,
  }
}
