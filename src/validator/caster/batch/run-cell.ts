import { type GradedAnswer, grade, needsGrader } from '../../../mechanisms/caster/grading'
import { hydrate, type Receipt } from '../../../mechanisms/caster/receipts'
import { type MinerResponse, parseResponse } from '../../../mechanisms/caster/task-contract'
import type { Grader } from '../grading/grader'
import { type Invoked, invokeEntry } from '../sandbox/invoke-entry'
import type { SandboxSettings } from '../sandbox/script-sandbox'
import type { ClosedSession, ToolSessions } from '../tools/sessions'
import { type BatchCandidate, type BatchClaim, taskRequest } from './batch-spec'
import {
  type CellFault,
  type CellResult,
  NO_SCORE,
  type ReportedReceipt,
  type ReportedScore,
} from './cell-result'

export interface CellServices {
  readonly sessions: ToolSessions
  readonly grader: Grader
  readonly settings: SandboxSettings
}

/** An answer's citations are copied with their notes: so many that no answer needs them are a fault of the answer. */
const MAX_CITATIONS = 200

/**
 * One script on one claim: a session, the answer, its citations, its grade (spec caster §2–§4). Whatever the script does wrong ends in
 * a result. @throws LedgerError SL-GRADER-UNAVAILABLE, and the signal's reason when it aborts
 */
export async function runCell(
  batchId: string,
  candidate: BatchCandidate,
  claim: BatchClaim,
  sandboxUrl: string,
  services: CellServices,
  signal: AbortSignal,
): Promise<CellResult> {
  const { sessions, settings } = services
  const session = sessions.open(candidate.uid, BigInt(claim.budget_micro_usd))
  const startedAt = performance.now()
  let invoked: Invoked
  let closed: ClosedSession
  try {
    invoked = await invokeEntry(sandboxUrl, taskRequest(claim), claim.claim_id, session, settings, signal)
  } finally {
    closed = sessions.close(session)
  }
  const elapsedMs = Math.round(performance.now() - startedAt)
  const response = responseOf(invoked, claim)
  const seen = { session: closed.session, receipts: closed.receipts, elapsed_ms: elapsedMs }
  if (typeof response === 'string') return { ...failedCell(batchId, candidate, claim, response), ...seen }
  const citations = hydrate(response.citations, session.id, receiptsOf(closed.receipts)).hydrated
  const score = await scoreOf(response, citations, claim, services.grader, signal)
  return {
    ...named(batchId, candidate, claim),
    status: 'answered',
    error_code: null,
    response,
    citations,
    score,
    ...seen,
  }
}

/** A cell without a verdict; until something is known of a session there is none. */
export const failedCell = (
  batchId: string,
  candidate: BatchCandidate,
  claim: BatchClaim,
  fault: CellFault,
): CellResult => ({
  ...named(batchId, candidate, claim),
  status: 'failed',
  error_code: fault,
  response: null,
  citations: [],
  score: NO_SCORE,
  session: null,
  elapsed_ms: 0,
  receipts: [],
})

const named = (batch_id: string, { artifact_id, uid }: BatchCandidate, { claim_id }: BatchClaim) => ({
  batch_id,
  artifact_id,
  claim_id,
  uid,
})

function responseOf(invoked: Invoked, { rubric }: BatchClaim): MinerResponse | CellFault {
  if ('fault' in invoked) return invoked.fault
  const allowed = rubric.verdict_options.map(({ value }) => value)
  const response = parseResponse(invoked.answer, allowed)
  if (typeof response === 'string') return response
  return response.citations.length > MAX_CITATIONS ? 'invalid_citation' : response
}

const receiptsOf = (receipts: readonly ReportedReceipt[]): Record<string, Receipt> =>
  Object.fromEntries(
    receipts.map(({ receipt_id, session_id, tool, metadata }) => [
      receipt_id,
      {
        session: session_id,
        tool,
        policy: metadata.result_policy,
        results: Object.fromEntries(
          metadata.results.map(({ result_id, url, note }) => [result_id, { url, note }]),
        ),
      },
    ]),
  )

async function scoreOf(
  { verdict, justification }: MinerResponse,
  citations: CellResult['citations'],
  { text, rubric, reference_answer: reference }: BatchClaim,
  grader: Grader,
  signal: AbortSignal,
): Promise<ReportedScore> {
  const answer: GradedAnswer = { status: 'answered', verdict }
  const judged = needsGrader(answer, reference.verdict)
    ? await grader.judge(
        {
          claim: text,
          rubric: { title: rubric.title, description: rubric.description },
          options: rubric.verdict_options,
          verdict,
          referenceJustification: reference.justification,
          minerJustification: justification,
          citations: citations.flatMap(({ note, url }) => note ?? url ?? []),
        },
        signal,
      )
    : null
  const { verdictScore, supportScore, total } = grade(answer, reference.verdict, judged?.isSupported ?? null)
  return {
    verdict_score: verdictScore,
    support_score: supportScore,
    total,
    grader_model: judged ? grader.model : null,
    grader_rationale: judged?.rationale ?? null,
  }
}
