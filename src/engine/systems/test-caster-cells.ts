import type { PayloadOf } from '../../log/catalogue'
import { draft, type PlatformDraft } from '../../platform/core/platform-event'
import { sha, uuid } from './test-caster-cast'

type Cell = Pick<PayloadOf<'TaskGraded'>, 'batchId' | 'validator' | 'artifactId' | 'claimId'>
let sessions = 0

/** One search of 2,500 micro-USD for each answer; a score of 0 is a wrong verdict, or a failure where the claim is named so. */
export function cellDrafts(cell: Cell, total: 0 | 0.5 | 1, at: number): PlatformDraft[] {
  const sessionId = uuid(100_000 + ++sessions)
  const receiptId = `receipt-${sessions}`
  const isFailed = total === 0 && cell.claimId.startsWith('fail')
  const cited = { ...cell, receiptId, at }
  const call = draft('ToolCalled', {
    receiptId,
    sessionId,
    ...cell,
    tool: 'search_web',
    outcome: 'ok',
    requestHash: sha(8),
    responseHash: sha(9),
    resultPolicy: 'referenceable',
    costMicroUsd: '2500',
    resultIds: ['r1'],
    issuedAt: at,
    at,
  })
  const answer = isFailed
    ? [draft('MinerFailed', { ...cell, sessionId, errorCode: 'timeout', runtimeMs: 120_000, at })]
    : [
        draft('MinerAnswered', {
          ...cell,
          sessionId,
          verdict: total === 0 ? -1 : 1,
          justificationSha256: sha(10),
          citations: 2,
          runtimeMs: 1_500,
          at,
        }),
        draft('CitationHydrated', {
          ...cited,
          position: 0,
          resultId: 'r1',
          url: 'https://example.org',
          note: null,
        }),
        draft('CitationDropped', { ...cited, position: 1, resultId: 'r9', reason: 'unknown result' }),
      ]
  return [
    draft('SessionOpened', { sessionId, ...cell, budgetMicroUsd: '50000', at }),
    call,
    draft('SessionClosed', { sessionId, ...cell, usedMicroUsd: '2500', at }),
    ...answer,
    draft('TaskGraded', {
      ...cell,
      status: isFailed ? 'failed' : 'answered',
      verdictScore: total === 0 ? 0 : 0.5,
      supportScore: total === 1 ? 0.5 : 0,
      total,
      graderModel: total === 0 ? null : 'openai/gpt-oss-20b',
      rationaleSha256: total === 0 ? null : sha(11),
      costMicroUsd: '2500',
      runtimeMs: isFailed ? 120_000 : 1_500,
      at,
    }),
  ]
}
