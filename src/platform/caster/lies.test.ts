import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import type { TestResult } from './test/test-results'
import { account, TestScene } from './test/test-scene'
import type { TestValidator } from './test/test-validator'

const first = (bend: (result: TestResult) => unknown) => (results: TestResult[]) => {
  bend(results[0])
  return results
}

describe('a validator that lies is found out and left aside, with the reason', { timeout: 60_000 }, () => {
  let scene: TestScene
  let liar: TestValidator
  beforeAll(async () => {
    scene = await TestScene.start({ rules })
    await scene.submit(0, 'one')
    await scene.submit(1, 'two')
    liar = await scene.join(0)
    await scene.join(1)
  })
  afterAll(() => scene.close())

  const batchOf = (batchId: string) => scene.platform.state.batches.get(batchId)!
  const payloads = async (batchId: string, type: string) =>
    (await scene.platform.events())
      .filter((event) => event.type === type)
      .map(({ payload }) => payload as Record<string, unknown>)
      .filter((payload) => payload.batchId === batchId)

  it.each<[string, (results: TestResult[]) => TestResult[], string]>([
    ['a missing cell', (results) => results.slice(1), 'missing_cell'],
    ['a cell twice', (results) => [...results, results[0]], 'duplicate_cell'],
    [
      'a result of another batch',
      first((r) => (r.batch_id = '00000000-0000-4000-8000-000000000000')),
      'foreign_batch',
    ],
    ['an unknown claim', first((r) => (r.claim_id = 'elsewhere')), 'foreign_cell'],
    [
      'an unknown script',
      first((r) => (r.artifact_id = '00000000-0000-4000-8000-000000000000')),
      'foreign_cell',
    ],
    ['another uid', first((r) => (r.uid = 99)), 'wrong_uid'],
    ['a better grade', first((r) => Object.assign(r.response, { verdict: -1 })), 'wrong_score'],
    [
      'a worse grade',
      first((r) => Object.assign(r.score, { verdict_score: 0, support_score: 0, total: 0 })),
      'wrong_score',
    ],
    ['a total that is no sum', first((r) => (r.score.total = 0.5)), 'wrong_score'],
    ['a grade of 0.75', first((r) => (r.score.total = 0.75)), 'malformed_result'],
    ['a grade in words', first((r) => (r.score.total = 'NaN')), 'malformed_result'],
    ['a grade of null', first((r) => (r.score.total = null)), 'malformed_result'],
    ['support that nobody found', first((r) => (r.score.grader_model = null)), 'wrong_score'],
    [
      'a grade for a failure',
      first((r) =>
        Object.assign(r, { status: 'failed', error_code: 'timeout', response: null, citations: [] }),
      ),
      'wrong_score',
    ],
    ['an answer with an error', first((r) => (r.error_code = 'timeout')), 'status_contradiction'],
    ['a verdict that is no option', first((r) => (r.response.verdict = 7)), 'invalid_response'],
    ['an answer without words', first((r) => (r.response.justification = ' ')), 'invalid_response'],
    ['no session', first((r) => (r.session = null)), 'wrong_session'],
    [
      'one session for two cells',
      (results) => {
        results[1].session.session_id = results[0].session.session_id
        results[1].receipts[0].session_id = results[0].session.session_id
        return results
      },
      'wrong_session',
    ],
    [
      'a session that ends before it begins',
      first((r) => (r.session.closed_at = '2020-01-01T00:00:00.000Z')),
      'wrong_session',
    ],
    [
      'a receipt of another session',
      first((r) => (r.receipts[0].session_id = '00000000-0000-4000-8000-000000000000')),
      'wrong_receipt',
    ],
    ['a receipt of another uid', first((r) => (r.receipts[0].uid = 99)), 'wrong_receipt'],
    ['a receipt twice', first((r) => r.receipts.push(r.receipts[0])), 'wrong_receipt'],
    ['more used than the receipts say', first((r) => (r.session.used_micro_usd = '2501')), 'over_budget'],
    [
      'more than the budget',
      first((r) => {
        r.session.used_micro_usd = '50001'
        r.receipts[0].metadata.cost_micro_usd = '50001'
      }),
      'over_budget',
    ],
    ['a budget of its own', first((r) => (r.session.budget_micro_usd = '99999999')), 'over_budget'],
    ['money with a point', first((r) => (r.session.used_micro_usd = '0.0025')), 'malformed_result'],
    ['negative money', first((r) => (r.session.used_micro_usd = '-1')), 'malformed_result'],
    ['a note that the receipt has not', first((r) => (r.citations[0].note = 'better')), 'wrong_citations'],
    [
      'a citation that does not stand',
      first((r) => r.citations.push({ receipt_id: 'nowhere', result_id: 'x', url: null, note: null })),
      'wrong_citations',
    ],
    ['a citation left out', first((r) => (r.citations = [])), 'wrong_citations'],
    [
      'citations out of a log-only receipt',
      first((r) => (r.receipts[0].metadata.result_policy = 'log_only')),
      'wrong_citations',
    ],
    [
      'citations out of another cell’s session',
      (results) => {
        results[0].response.citations = results[1].response.citations
        results[0].citations = results[1].citations
        return results
      },
      'wrong_citations',
    ],
    [
      'blame for an answer without fault',
      first((r) =>
        Object.assign(r, {
          status: 'failed',
          error_code: 'invalid_verdict',
          citations: [],
          score: {
            verdict_score: 0,
            support_score: 0,
            total: 0,
            grader_model: null,
            grader_rationale: null,
          },
        }),
      ),
      'status_contradiction',
    ],
    ['numbers for results', () => [1, 2, 3, 4], 'malformed_result'],
  ])('%s', async (_, bend, reason) => {
    liar.behaviour.bend = bend
    const batchId = await scene.batch(2)
    await scene.decided(batchId)
    const hotkey = account(liar.signer.address)
    const delivery = batchOf(batchId).deliveries.get(hotkey)
    expect(delivery).toMatchObject({ status: 'failed', reason })
    // What was wrong with a grade would tell the right one while the batch is open.
    if (reason === 'wrong_score') expect(delivery?.detail).toMatch(/^[0-9a-f-]{36}\/c\d$/)
    const [aggregated] = await payloads(batchId, 'ScoresAggregated')
    expect(aggregated).toMatchObject({
      validatorsCounted: [account(scene.judges[1]!.address)],
      validatorsExcluded: [{ hotkey, reason }],
    })
    // Nothing of what the liar said is in the log.
    const graded = await payloads(batchId, 'TaskGraded')
    expect(new Set(graded.map(({ validator }) => validator)).size).toBe(1)
  })

  it('and is counted again when it tells the truth', async () => {
    liar.behaviour.bend = (results) => results
    const batchId = await scene.batch(2)
    await scene.decided(batchId)
    const [aggregated] = await payloads(batchId, 'ScoresAggregated')
    expect(aggregated).toMatchObject({ validatorsExcluded: [] })
  })
})
