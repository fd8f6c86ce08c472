import { describe, expect, it } from 'vitest'
import { hydrate } from '../../../mechanisms/caster/receipts'
import { testBatch, testClaim, uuid } from '../test-platform'
import type { CellResult } from './cell-result'
import { fitReport, reportShare } from './fit-report'
import { failedCell } from './run-cell'

const spec = testBatch(1, ['a\n'], [testClaim(1)])
const session = uuid(5, 1)

/** An answer that found so much and cites the first thing of it. */
function answered(results: number, noteChars: number, justificationChars = 10): CellResult {
  const found = Array.from({ length: results }, (_, index) => ({
    index,
    result_id: `r${index}`,
    url: `https://e.org/${index}`,
    note: 'n'.repeat(noteChars),
    title: 't',
  }))
  const cited = { receipt_id: uuid(6, 1), result_id: 'r0' }
  return {
    ...failedCell(spec.batch_id, spec.candidates[0]!, spec.claims[0]!, 'timeout'),
    status: 'answered',
    error_code: null,
    response: { verdict: 1, justification: 'j'.repeat(justificationChars), citations: [cited] },
    citations: [{ ...cited, url: 'https://e.org/0', note: 'n'.repeat(noteChars) }],
    session: {
      session_id: session,
      budget_micro_usd: '50000',
      used_micro_usd: '2500',
      opened_at: '2026-03-01T00:00:00.000Z',
      closed_at: '2026-03-01T00:00:01.000Z',
    },
    receipts: [
      {
        receipt_id: uuid(6, 1),
        session_id: session,
        uid: 1,
        tool: 'search_web',
        issued_at: '2026-03-01T00:00:00.000Z',
        outcome: 'ok',
        metadata: {
          request_hash: 'a'.repeat(64),
          response_hash: 'b'.repeat(64),
          results: found,
          result_policy: 'referenceable',
          cost_usd: 0.0025,
          cost_micro_usd: '2500',
        },
      },
    ],
  }
}

const resultsOf = ({ receipts }: CellResult) => receipts[0]!.metadata.results

/** As the platform checks it: citations are what the rule gives over the reported receipts. */
function rehydrated({ response, receipts }: CellResult) {
  const [receipt] = receipts
  const results = Object.fromEntries(
    receipt!.metadata.results.map(({ result_id, ...rest }) => [result_id, rest]),
  )
  const shown = { session, tool: receipt!.tool, policy: receipt!.metadata.result_policy, results }
  return hydrate(response!.citations, session, { [receipt!.receipt_id]: shown }).hydrated
}

describe('a result in a report of limited length', () => {
  it('stays as it is while it fits', () => {
    const result = answered(10, 100)
    expect(fitReport(result, 16_384)).toBe(result)
  })

  it.each([
    ['loses the texts of what was not cited', 100, 1_000, 100],
    ['loses what was not cited', 200, 4_000, 1],
  ])('%s, and its citations still follow from its receipts', (_, results, noteChars, left) => {
    const fitted = fitReport(answered(results, noteChars), 16_384)
    expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(16_384)
    expect(resultsOf(fitted)).toHaveLength(left)
    expect(resultsOf(fitted)[0]!.note).toHaveLength(noteChars)
    expect(rehydrated(fitted)).toEqual(fitted.citations)
    expect(fitted.receipts[0]!.metadata.cost_micro_usd).toBe('2500')
  })

  it('is no answer when the answer alone is too long; what it spent stands', () => {
    const fitted = fitReport(answered(200, 4_000, 60_000), 16_384)
    expect(fitted).toMatchObject({
      status: 'failed',
      error_code: 'invalid_response',
      response: null,
      citations: [],
      score: { total: 0, grader_model: null },
      session: { used_micro_usd: '2500' },
    })
    expect(resultsOf(fitted)).toEqual([])
  })

  it('has a share of all that a platform takes', () => {
    expect(reportShare(2_500)).toBe(80_530)
    expect(reportShare(128_000)).toBe(16_384)
    for (const cells of [1, 100, 12_000])
      expect(reportShare(cells) * cells).toBeLessThanOrEqual(192 * 1_048_576)
  })
})
