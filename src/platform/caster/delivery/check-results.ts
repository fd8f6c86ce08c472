import type { WireClaim } from '../datasets/seal-claims'
import type { Receipt } from '../rule-values'
import type { CasterRules } from '../rules'
import type { Batch, Candidate } from '../state'
import { type Result, resultCheck } from './progress-shape'

/** Why a validator's results do not count; `reason` is stable. */
export interface ResultsFault {
  readonly reason:
    | 'malformed_result'
    | 'foreign_batch'
    | 'foreign_cell'
    | 'duplicate_cell'
    | 'missing_cell'
    | 'wrong_uid'
    | 'status_contradiction'
    | 'invalid_response'
    | 'wrong_score'
    | 'wrong_session'
    | 'wrong_receipt'
    | 'over_budget'
    | 'wrong_citations'
  readonly detail: string
}

/** Citations that did not stand, as `hydrate` found it. */
export type Dropped = ReturnType<CasterRules['hydrate']>['dropped']

/** A result that passed, with nothing but the fields of the contract. */
export interface CheckedResult extends Omit<Result, 'response'> {
  readonly response: ReturnType<typeof responseOf>
  readonly dropped: Dropped
}

/** By artifact, in the order of the batch's claims. */
export type CheckedRows = ReadonlyMap<string, readonly CheckedResult[]>

class Wrong extends Error {
  constructor(
    readonly reason: ResultsFault['reason'],
    readonly detail: string,
  ) {
    super(detail)
  }
}

const cell = ({ artifact_id, claim_id }: Result) => `${artifact_id}/${claim_id}`

/**
 * All that can be checked of a complete report without running anything (invariants 5, 6, 7, 8): one result for each script and claim,
 * scores that follow from status, verdict and reference, receipts of the session within its budget, citations as the receipts say.
 */
export function checkResults(
  batch: Batch,
  claims: readonly WireClaim[],
  reported: readonly unknown[],
  rules: CasterRules,
): CheckedRows | ResultsFault {
  try {
    const results = reported.map(shaped)
    const cells = cellsOf(batch, results)
    const receipts = receiptsOf(results)
    const sessions = new Set<string>()
    return new Map(
      batch.candidates.map((candidate) => [
        candidate.artifactId,
        claims.map((claim) => {
          const result = cells.get(`${candidate.artifactId}/${claim.claim_id}`)
          if (!result) throw new Wrong('missing_cell', `${candidate.artifactId}/${claim.claim_id}`)
          checkSession(result, candidate, claim, sessions)
          return { ...result, ...checkAnswer(result, claim, receipts, rules) }
        }),
      ]),
    )
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

function cellsOf(batch: Batch, results: readonly Result[]): Map<string, Result> {
  const artifacts = new Set(batch.candidates.map(({ artifactId }) => artifactId))
  const cells = new Map<string, Result>()
  for (const result of results) {
    const key = cell(result)
    if (result.batch_id !== batch.batchId) throw new Wrong('foreign_batch', `${key}: ${result.batch_id}`)
    if (!artifacts.has(result.artifact_id) || !batch.positionOf.has(result.claim_id))
      throw new Wrong('foreign_cell', key)
    if (cells.has(key)) throw new Wrong('duplicate_cell', key)
    cells.set(key, result)
  }
  return cells
}

/** Every receipt of the report, so that one of another session is told from one that does not exist. */
function receiptsOf(results: readonly Result[]): Record<string, Receipt> {
  const receipts: Record<string, Receipt> = Object.create(null)
  for (const result of results)
    for (const { receipt_id, session_id, tool, metadata, outcome } of result.receipts) {
      if (receipt_id in receipts) throw new Wrong('wrong_receipt', `${receipt_id} is there twice`)
      if (outcome !== 'ok') continue
      const results_: Record<string, Receipt['results'][string]> = Object.create(null)
      for (const { result_id, url, note } of metadata.results) results_[result_id] = { url, note }
      receipts[receipt_id] = { session: session_id, tool, policy: metadata.result_policy, results: results_ }
    }
  return receipts
}

function checkSession(result: Result, { uid }: Candidate, claim: WireClaim, sessions: Set<string>): void {
  const { session, receipts } = result
  const key = cell(result)
  if (result.uid !== uid) throw new Wrong('wrong_uid', `${key}: ${result.uid}, not ${uid}`)
  if (!session) {
    if (result.status === 'answered') throw new Wrong('wrong_session', `${key}: answered without a session`)
    if (receipts.length > 0) throw new Wrong('wrong_receipt', `${key}: receipts without a session`)
    return
  }
  const { session_id, budget_micro_usd, used_micro_usd, opened_at, closed_at } = session
  if (sessions.has(session_id)) throw new Wrong('wrong_session', `${key}: ${session_id} is there twice`)
  sessions.add(session_id)
  if (!(Date.parse(opened_at) <= Date.parse(closed_at)))
    throw new Wrong('wrong_session', `${key}: it closes before it opens`)
  if (budget_micro_usd !== claim.budget_micro_usd)
    throw new Wrong('over_budget', `${key}: budget ${budget_micro_usd}, not ${claim.budget_micro_usd}`)
  let sum = 0n
  for (const receipt of receipts) {
    if (receipt.session_id !== session_id || receipt.uid !== uid)
      throw new Wrong('wrong_receipt', `${key}: ${receipt.receipt_id} is of another session or uid`)
    if (!(Date.parse(receipt.issued_at) >= 0))
      throw new Wrong('wrong_receipt', `${key}: ${receipt.receipt_id} has no time`)
    sum += BigInt(receipt.metadata.cost_micro_usd)
  }
  const used = BigInt(used_micro_usd)
  if (sum !== used) throw new Wrong('over_budget', `${key}: receipts sum to ${sum}, used is ${used}`)
  if (used > BigInt(budget_micro_usd))
    throw new Wrong('over_budget', `${key}: ${used} of ${budget_micro_usd}`)
}

function checkAnswer(
  result: Result,
  claim: WireClaim,
  receipts: Readonly<Record<string, Receipt>>,
  rules: CasterRules,
): Pick<CheckedResult, 'response' | 'dropped'> {
  const { status, error_code, citations, session } = result
  const key = cell(result)
  const response = responseOf(result, claim, rules)
  if ((status === 'failed') !== (error_code !== null))
    throw new Wrong('status_contradiction', `${key}: ${status} with error_code ${error_code}`)
  checkScore(result, claim, response, rules)
  if (!response || !session) {
    if (citations.length > 0) throw new Wrong('wrong_citations', `${key}: citations without an answer`)
    return { response: null, dropped: [] }
  }
  const { hydrated, dropped } = rules.hydrate(response.citations, session.session_id, receipts)
  const isSame =
    hydrated.length === citations.length &&
    hydrated.every(
      ({ receipt_id, result_id, url, note }, i) =>
        citations[i]!.receipt_id === receipt_id &&
        citations[i]!.result_id === result_id &&
        citations[i]!.url === url &&
        citations[i]!.note === note,
    )
  if (!isSame) throw new Wrong('wrong_citations', `${key}: not as the receipts of its session say`)
  return { response, dropped }
}

/** The answer that was graded; null for none. A failed one may hold anything, but not an answer without fault. */
function responseOf(result: Result, claim: WireClaim, rules: CasterRules) {
  const allowed = claim.rubric.verdict_options.map(({ value }) => value)
  const { status, response, error_code } = result
  if (status === 'failed') {
    const isBlamed = error_code !== null && RESPONSE_FAULTS.has(error_code)
    if (isBlamed && response !== null && typeof rules.parseResponse(response, allowed) !== 'string')
      throw new Wrong('status_contradiction', `${cell(result)}: ${error_code} of an answer without fault`)
    return null
  }
  const parsed = rules.parseResponse(response, allowed)
  if (typeof parsed === 'string') throw new Wrong('invalid_response', `${cell(result)}: ${parsed}`)
  return parsed
}

const RESPONSE_FAULTS = new Set([
  'invalid_verdict',
  'invalid_response',
  'empty_justification',
  'invalid_citation',
])

function checkScore(
  result: Result,
  claim: WireClaim,
  response: ReturnType<typeof responseOf>,
  rules: CasterRules,
): void {
  const { verdict_score, support_score, total, grader_model, grader_rationale } = result.score
  const answer = response
    ? ({ status: 'answered', verdict: response.verdict } as const)
    : ({ status: 'failed', errorCode: result.error_code ?? '' } as const)
  const due = rules.grade(answer, claim.reference_answer.verdict, support_score > 0)
  const isSame =
    due.verdictScore === verdict_score && due.supportScore === support_score && due.total === total
  if (!isSame) throw new Wrong('wrong_score', `${cell(result)}: ${total}, not ${due.total}`)
  const isGraded = grader_model !== null || grader_rationale !== null
  if (isGraded && !due.isGraderCalled)
    throw new Wrong('wrong_score', `${cell(result)}: a grader was asked about a verdict that is wrong`)
  if (support_score > 0 && grader_model === null)
    throw new Wrong('wrong_score', `${cell(result)}: support that no grader found`)
}
