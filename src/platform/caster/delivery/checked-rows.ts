import { createHash } from 'node:crypto'
import type { CheckedResult, CheckedRows } from './check-results'
import { Slices } from './slices'

export interface KeptRow {
  readonly artifactId: string
  readonly text: string
}

/** Checked results as they are kept, script by script, and the hash of all of them that the log names. */
export async function keptRows(
  rows: CheckedRows,
): Promise<{ readonly rows: KeptRow[]; readonly resultsSha256: string }> {
  const hash = createHash('sha256')
  const kept: KeptRow[] = []
  const slices = new Slices()
  for (const [artifactId, results] of rows) {
    const cells: string[] = []
    for (const result of results) {
      cells.push(JSON.stringify(onlyContract(result)))
      if (slices.isOver) await slices.rest()
    }
    // As JSON.stringify would write the list.
    const text = `[${cells.join(',')}]`
    hash.update(text).update('\n')
    kept.push({ artifactId, text })
    if (slices.isOver) await slices.rest()
  }
  return { rows: kept, resultsSha256: hash.digest('hex') }
}

/** What validators add beyond the contract is not kept: it may be of any size and shape. */
function onlyContract(result: CheckedResult): CheckedResult {
  const { batch_id, artifact_id, claim_id, uid, status, error_code, response, elapsed_ms, dropped } = result
  const { verdict_score, support_score, total, grader_model, grader_rationale } = result.score
  const { session } = result
  return {
    batch_id,
    artifact_id,
    claim_id,
    uid,
    status,
    error_code,
    response,
    citations: result.citations.map(({ receipt_id, result_id, url, note }) => ({
      receipt_id,
      result_id,
      url,
      note,
    })),
    score: { verdict_score, support_score, total, grader_model, grader_rationale },
    session: session && {
      session_id: session.session_id,
      budget_micro_usd: session.budget_micro_usd,
      used_micro_usd: session.used_micro_usd,
      opened_at: session.opened_at,
      closed_at: session.closed_at,
    },
    elapsed_ms,
    receipts: result.receipts.map(({ receipt_id, session_id, uid, tool, issued_at, outcome, metadata }) => ({
      receipt_id,
      session_id,
      uid,
      tool,
      issued_at,
      outcome,
      metadata: {
        request_hash: metadata.request_hash,
        response_hash: metadata.response_hash,
        results: metadata.results.map(({ result_id, url, note, title = null }) => ({
          result_id,
          url,
          note,
          title,
        })),
        result_policy: metadata.result_policy,
        cost_micro_usd: metadata.cost_micro_usd,
      },
    })),
    dropped,
  }
}

export const readRow = (bytes: Uint8Array): readonly CheckedResult[] =>
  JSON.parse(Buffer.from(bytes).toString('utf8'))
