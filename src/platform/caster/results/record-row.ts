import { createHash } from 'node:crypto'
import type { Hex } from '../../../log/envelope'
import type { Blob } from '../../core/blobs'
import type { Command } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import type { CheckedResult } from '../delivery/check-results'
import { type Batch, type CasterState, rowKey } from '../state'

/** Results of one script at one validator. */
export interface RowInput {
  readonly batchId: string
  readonly validator: Hex
  readonly artifactId: string
  readonly results: readonly CheckedResult[]
}

/** Scripts at validators whose results are not in the log yet, in a fixed order: a restart goes on where the last one stopped. */
export function missingRows(batch: Batch): { readonly validator: Hex; readonly artifactId: string }[] {
  const completed = [...batch.deliveries.values()]
    .filter(({ status }) => status === 'completed')
    .map(({ validator }) => validator)
    .sort()
  return completed.flatMap((validator) =>
    batch.candidates
      .filter(({ artifactId }) => !batch.rows.has(rowKey(validator, artifactId)))
      .map(({ artifactId }) => ({ validator, artifactId })),
  )
}

/** After the batch has closed: what happened for each claim, cell by cell, all of one row or nothing of it. */
export const recordRow =
  ({ batchId, validator, artifactId, results }: RowInput): Command<CasterState, boolean> =>
  (state, { timeMs: at }) => {
    const batch = state.batches.get(batchId)
    if (batch?.status !== 'closed' || batch.rows.has(rowKey(validator, artifactId)))
      return { events: [], reply: false }
    const blobs: Blob[] = []
    const content = (text: string): string => {
      const bytes = Buffer.from(text, 'utf8')
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      blobs.push({ sha256, bytes })
      return sha256
    }
    const events = results.flatMap((result) => {
      const cell = { batchId, validator, artifactId, claimId: result.claim_id }
      return [
        ...sessionEvents(cell, result, at),
        answerEvent(cell, result, content, at),
        ...citationEvents(cell, result, at),
        gradeEvent(cell, result, content, at),
      ]
    })
    return { events, blobs, reply: true }
  }

interface Cell {
  readonly batchId: string
  readonly validator: Hex
  readonly artifactId: string
  readonly claimId: string
}

/** Strangers' text with what no database takes replaced. */
const storable = (text: string): string => text.replace(/\p{Surrogate}|\0/gu, '\ufffd')
const storableOrNull = (text: string | null): string | null => (text === null ? null : storable(text))

function sessionEvents(cell: Cell, { session, receipts }: CheckedResult, at: number): PlatformDraft[] {
  if (!session) return []
  const sessionId = session.session_id
  return [
    draft('SessionOpened', { sessionId, ...cell, budgetMicroUsd: session.budget_micro_usd, at }),
    ...receipts.map(({ receipt_id: receiptId, tool, outcome, issued_at, metadata }) =>
      draft('ToolCalled', {
        receiptId,
        sessionId,
        ...cell,
        tool,
        outcome: outcome as 'ok',
        requestHash: metadata.request_hash,
        responseHash: metadata.response_hash,
        resultPolicy: metadata.result_policy,
        costMicroUsd: metadata.cost_micro_usd,
        resultIds: metadata.results.map(({ result_id }) => storable(result_id)),
        issuedAt: Date.parse(issued_at),
        at,
      }),
    ),
    draft('SessionClosed', { sessionId, ...cell, usedMicroUsd: session.used_micro_usd, at }),
  ]
}

function answerEvent(
  cell: Cell,
  { response, session, error_code, elapsed_ms: runtimeMs }: CheckedResult,
  content: (text: string) => string,
  at: number,
): PlatformDraft {
  const sessionId = session?.session_id ?? null
  if (!response || sessionId === null)
    return draft('MinerFailed', { ...cell, sessionId, errorCode: error_code ?? 'unknown', runtimeMs, at })
  const { verdict, justification, citations } = response
  const justificationSha256 = content(justification)
  const answer = { sessionId, verdict, justificationSha256, citations: citations.length, runtimeMs, at }
  return draft('MinerAnswered', { ...cell, ...answer })
}

function citationEvents(cell: Cell, { response, citations, dropped }: CheckedResult, at: number) {
  const gone = new Map(dropped.map((one) => [one.position, one.reason]))
  let next = 0
  return (response?.citations ?? []).map(({ receipt_id, result_id }, position): PlatformDraft => {
    const cited = { ...cell, position, receiptId: storable(receipt_id), resultId: storable(result_id) }
    const reason = gone.get(position)
    if (reason !== undefined) return draft('CitationDropped', { ...cited, reason, at })
    const { url, note } = citations[next++]!
    return draft('CitationHydrated', { ...cited, url: storableOrNull(url), note: storableOrNull(note), at })
  })
}

function gradeEvent(
  cell: Cell,
  { status, score, session, elapsed_ms: runtimeMs }: CheckedResult,
  content: (text: string) => string,
  at: number,
): PlatformDraft {
  return draft('TaskGraded', {
    ...cell,
    status,
    verdictScore: score.verdict_score,
    supportScore: score.support_score,
    total: score.total,
    graderModel: storableOrNull(score.grader_model),
    rationaleSha256: score.grader_rationale === null ? null : content(score.grader_rationale),
    costMicroUsd: session?.used_micro_usd ?? '0',
    runtimeMs,
    at,
  })
}
