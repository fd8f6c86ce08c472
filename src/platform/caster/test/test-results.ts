import { createHash } from 'node:crypto'

/** What a script makes of a claim. */
export type Outcome = 'full' | 'half' | 'wrong' | 'failed'

// biome-ignore lint/suspicious/noExplicitAny: tests bend every field of it
export type TestResult = any
// biome-ignore lint/suspicious/noExplicitAny: as it came over the wire
export type TestSpec = any

const CUTS = [8, 12, 16, 20, 32]

/** The same UUID for the same words. */
export function uuidOf(words: string): string {
  const digits = createHash('sha256').update(words).digest('hex')
  return CUTS.map((end, i) => digits.slice(i === 0 ? 0 : CUTS[i - 1], end)).join('-')
}

const AT = '2025-11-13T02:00:00.000Z'

/** An honest result of one cell, with one search, and one citation of two that stands. */
export function testResult(
  spec: TestSpec,
  candidate: TestSpec,
  claim: TestSpec,
  outcome: Outcome,
  who: string,
) {
  const name = `${who}/${spec.batch_id}/${candidate.artifact_id}/${claim.claim_id}`
  const reference = claim.reference_answer.verdict
  const other = claim.rubric.verdict_options.find(({ value }: TestSpec) => value !== reference).value
  const session_id = uuidOf(`${name}/session`)
  const receipt_id = uuidOf(`${name}/receipt`)
  const result_id = uuidOf(`${name}/result`).replaceAll('-', '')
  const cited = { receipt_id, result_id, url: 'https://web.example/a', note: 'a snippet' }
  const isAnswered = outcome !== 'failed'
  const isRight = outcome === 'full' || outcome === 'half'
  return {
    batch_id: spec.batch_id,
    artifact_id: candidate.artifact_id,
    claim_id: claim.claim_id,
    uid: candidate.uid,
    status: isAnswered ? 'answered' : 'failed',
    error_code: isAnswered ? null : 'timeout',
    response: isAnswered
      ? {
          verdict: isRight ? reference : other,
          justification: `because of ${claim.claim_id}`,
          citations: [
            { receipt_id, result_id },
            { receipt_id: 'nowhere', result_id },
          ],
        }
      : null,
    citations: isAnswered ? [cited] : [],
    score: {
      verdict_score: isRight ? 0.5 : 0,
      support_score: outcome === 'full' ? 0.5 : 0,
      total: outcome === 'full' ? 1 : isRight ? 0.5 : 0,
      grader_model: isRight ? 'openai/gpt-oss-20b' : null,
      grader_rationale: isRight ? 'it follows' : null,
    },
    session: {
      session_id,
      budget_micro_usd: claim.budget_micro_usd,
      used_micro_usd: '2500',
      opened_at: AT,
      closed_at: AT,
    },
    elapsed_ms: 1_500,
    receipts: [
      {
        receipt_id,
        session_id,
        uid: candidate.uid,
        tool: 'search_web',
        issued_at: AT,
        outcome: 'ok',
        metadata: {
          request_hash: 'ab'.repeat(32),
          response_hash: 'cd'.repeat(32),
          results: [{ index: 0, result_id, url: cited.url, note: cited.note, title: 'A' }],
          result_policy: 'referenceable',
          cost_usd: 0.0025,
          cost_micro_usd: '2500',
        },
      },
    ],
  }
}
