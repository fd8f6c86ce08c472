import type { WireClaim } from '../datasets/seal-claims'
import type { MinerResponse, Receipt } from '../rule-values'
import type { CasterRules } from '../rules'
import type { Result } from './progress-shape'
import { cellName, Wrong } from './results-fault'

/** Citations that did not stand, as `hydrate` found it. */
export type Dropped = ReturnType<CasterRules['hydrate']>['dropped']

export interface CheckedAnswer {
  /** What was graded; null: there was no answer. */
  readonly response: MinerResponse | null
  readonly dropped: Dropped
}

/** Codes that say that the script answered, but not as it should. */
const RESPONSE_FAULTS: ReadonlySet<string> = new Set([
  'invalid_verdict',
  'invalid_response',
  'empty_justification',
  'invalid_citation',
])

/** The answer of a cell: status, grade and citations follow from it, the reference and the receipts (invariants 5, 6). */
export function checkAnswer(
  result: Result,
  claim: WireClaim,
  receipts: Readonly<Record<string, Receipt>>,
  rules: CasterRules,
): CheckedAnswer {
  const { status, error_code, citations, session } = result
  const cell = cellName(result)
  if ((status === 'failed') !== (error_code !== null))
    throw new Wrong('status_contradiction', `${cell}: ${status} with error_code ${error_code}`)
  const response = responseOf(result, claim, rules)
  checkScore(result, claim, response, rules)
  if (!response || !session) {
    if (citations.length > 0) throw new Wrong('wrong_citations', `${cell}: citations without an answer`)
    return { response: null, dropped: [] }
  }
  const { hydrated, dropped } = rules.hydrate(response.citations, session.session_id, receipts)
  const isSame =
    hydrated.length === citations.length &&
    hydrated.every(({ receipt_id, result_id, url, note }, i) => {
      const told = citations[i]!
      return (
        told.receipt_id === receipt_id &&
        told.result_id === result_id &&
        told.url === url &&
        told.note === note
      )
    })
  if (!isSame) throw new Wrong('wrong_citations', `${cell}: not as the receipts of its session say`)
  return { response, dropped }
}

/** A failed run may hold anything, but not an answer without fault that it is blamed for. */
function responseOf(result: Result, claim: WireClaim, rules: CasterRules): MinerResponse | null {
  const allowed = claim.rubric.verdict_options.map(({ value }) => value)
  const { status, response, error_code } = result
  if (status === 'failed') {
    const isBlamed = RESPONSE_FAULTS.has(error_code ?? '') && response !== null
    if (isBlamed && typeof rules.parseResponse(response, allowed) !== 'string')
      throw new Wrong('status_contradiction', `${cellName(result)}: ${error_code} of an answer without fault`)
    return null
  }
  const parsed = rules.parseResponse(response, allowed)
  if (typeof parsed === 'string') throw new Wrong('invalid_response', `${cellName(result)}: ${parsed}`)
  return parsed
}

function checkScore(
  result: Result,
  claim: WireClaim,
  response: MinerResponse | null,
  rules: CasterRules,
): void {
  const { verdict_score, support_score, total, grader_model, grader_rationale } = result.score
  const answer = response
    ? ({ status: 'answered', verdict: response.verdict } as const)
    : ({ status: 'failed', errorCode: result.error_code ?? '' } as const)
  const due = rules.grade(answer, claim.reference_answer.verdict, support_score > 0)
  const isSame =
    due.verdictScore === verdict_score && due.supportScore === support_score && due.total === total
  const isGraded = grader_model !== null || grader_rationale !== null
  // Nobody is asked about a wrong verdict, and nobody but a grader finds support.
  const isGraderRight = due.isGraderCalled ? support_score === 0 || grader_model !== null : !isGraded
  if (!isSame || !isGraderRight) throw new Wrong('wrong_score', cellName(result))
}
