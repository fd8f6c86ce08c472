import type { WireClaim } from '../datasets/seal-claims'
import type { CasterRules } from '../rules'
import type { Batch } from '../state'
import { type CheckedAnswer, checkAnswer } from './check-answer'
import { checkSession, receiptsOf } from './check-session'
import { type Result, resultCheck } from './progress-shape'
import { cellName, type ResultsFault, Wrong } from './results-fault'
import { Slices } from './slices'

/** A result that passed. */
export interface CheckedResult extends Omit<Result, 'response'>, CheckedAnswer {}

/** By artifact, in the order of the batch's claims. */
export type CheckedRows = ReadonlyMap<string, readonly CheckedResult[]>

/**
 * All that can be checked of a complete report without running anything (invariants 5, 6, 7, 8): one result for each script and claim,
 * scores that follow from status, verdict and reference, receipts of the session within its budget, citations as the receipts say.
 * In slices: a report of 256 scripts on 500 claims is 180 MiB.
 */
export async function checkResults(
  batch: Batch,
  claims: readonly WireClaim[],
  reported: readonly unknown[],
  rules: CasterRules,
): Promise<CheckedRows | ResultsFault> {
  try {
    const slices = new Slices()
    const cells = await cellsOf(batch, reported, slices)
    const receipts = await receiptsOf(cells.values(), slices)
    const sessions = new Set<string>()
    const rows = new Map<string, CheckedResult[]>()
    for (const { artifactId: artifact_id, uid } of batch.candidates) {
      const row: CheckedResult[] = []
      for (const claim of claims) {
        const cell = cellName({ artifact_id, claim_id: claim.claim_id })
        const result = cells.get(cell)
        if (!result) throw new Wrong('missing_cell', cell)
        checkSession(result, uid, claim, sessions)
        row.push({ ...result, ...checkAnswer(result, claim, receipts, rules) })
        if (slices.isOver) await slices.rest()
      }
      rows.set(artifact_id, row)
    }
    return rows
  } catch (error) {
    if (error instanceof Wrong) return { reason: error.reason, detail: error.detail }
    throw error
  }
}

export const isResultsFault = (found: CheckedRows | ResultsFault): found is ResultsFault => 'reason' in found

function shaped(value: unknown, index: number): Result {
  if (resultCheck.Check(value)) return value
  const first = resultCheck.Errors(value).First()
  throw new Wrong('malformed_result', `result ${index}${first?.path ?? ''}: ${first?.message ?? 'malformed'}`)
}

async function cellsOf(
  batch: Batch,
  reported: readonly unknown[],
  slices: Slices,
): Promise<Map<string, Result>> {
  const artifacts = new Set(batch.candidates.map(({ artifactId }) => artifactId))
  const cells = new Map<string, Result>()
  for (const [index, value] of reported.entries()) {
    const result = shaped(value, index)
    const cell = cellName(result)
    if (result.batch_id !== batch.batchId) throw new Wrong('foreign_batch', `${cell}: ${result.batch_id}`)
    if (!artifacts.has(result.artifact_id) || !batch.positionOf.has(result.claim_id))
      throw new Wrong('foreign_cell', cell)
    if (cells.has(cell)) throw new Wrong('duplicate_cell', cell)
    cells.set(cell, result)
    if (slices.isOver) await slices.rest()
  }
  return cells
}
