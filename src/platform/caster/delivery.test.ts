import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import type { TestResult } from './test/test-results'
import { account, TestScene } from './test/test-scene'

const first = (bend: (result: TestResult) => unknown) => (results: TestResult[]) => {
  bend(results[0])
  return results
}
const raw = (text: string) => (request: { url?: string }, response: { end: (text: string) => unknown }) => {
  if (!request.url!.endsWith('/progress')) return false
  response.end(text)
  return true
}
const status = (code: number) => (_: unknown, response: ServerResponse) => {
  response.writeHead(code, { location: 'http://127.0.0.1:1/' }).end('{}')
  return true
}

describe('a batch on its way to validators', { timeout: 60_000 }, () => {
  let scene: TestScene
  beforeEach(async () => {
    scene = await TestScene.start({ rules, settings: { casterDeliveryAttempts: 3, casterProgressMaxMib: 1 } })
    await scene.submit(0, 'one')
    await scene.submit(1, 'two')
  })
  afterEach(async () => {
    expect(scene.platform.failures).toEqual([])
    await scene.close()
  })

  const deliveryOf = (batchId: string, n = 0) =>
    scene.platform.state.batches.get(batchId)!.deliveries.get(account(scene.judges[n]!.address))
  const ended = (batchId: string, n = 0) =>
    scene.platform.until(() => /completed|failed/.test(deliveryOf(batchId, n)?.status ?? ''), 'an end')
  const eventsOf = async (type: string) =>
    (await scene.platform.events()).filter((event) => event.type === type).map(({ payload }) => payload)

  describe('that lie are found out and left aside, with the reason', () => {
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
      await scene.join(0, { bend })
      await scene.join(1)
      const batchId = await scene.batch(2)
      await scene.decided(batchId)
      expect(deliveryOf(batchId)).toMatchObject({ status: 'failed', reason })
      const [aggregated] = await eventsOf('ScoresAggregated')
      expect(aggregated).toMatchObject({
        validatorsCounted: [account(scene.judges[1]!.address)],
        validatorsExcluded: [{ hotkey: account(scene.judges[0]!.address), reason }],
      })
      // What was wrong with a grade would tell the right one while the batch is open.
      if (reason === 'wrong_score') expect(deliveryOf(batchId)?.detail).toMatch(/^[0-9a-f-]{36}\/c\d$/)
      // Nothing of what the liar said is in the log.
      const graded = await eventsOf('TaskGraded')
      expect(new Set(graded.map((payload) => (payload as { validator: string }).validator)).size).toBe(1)
    })
  })

  it.each([
    ['no JSON', 'once upon a time', 'malformed_progress'],
    ['NaN', '{"batch_id": NaN}', 'malformed_progress'],
    ['a list', '[]', 'malformed_progress'],
    ['a hundred thousand levels', '['.repeat(100_000), 'malformed_progress'],
    ['half a UTF-8 character', '"\xff', 'malformed_progress'],
  ])('with a progress of %s is a failure of that validator alone', async (_, text, reason) => {
    await scene.join(0, { instead: raw(text) })
    const batchId = await scene.batch(1)
    await ended(batchId)
    expect(deliveryOf(batchId)).toMatchObject({ status: 'failed', reason })
    await scene.decided(batchId)
    const last = (await scene.platform.events()).findLast(({ type }) => /^Roster/.test(type))
    expect(last).toMatchObject({ type: 'RosterUnchanged', payload: { cause: 'no_complete_validator' } })
  })

  it('what a miner’s script wrote never fails its validator', async () => {
    const odd = {
      verdict: 1,
      justification: 'half \ud800, NUL \0, and markup </script>',
      citations: [{ receipt_id: '\0', result_id: '__proto__' }],
      surprise: { constructor: 1 },
    }
    await scene.join(0, { bend: first((r) => Object.assign(r, { response: odd, citations: [] })) })
    const batchId = await scene.batch(1)
    await scene.decided(batchId)
    expect(deliveryOf(batchId)?.status).toBe('completed')
    expect(await eventsOf('CitationDropped')).toContainEqual(
      expect.objectContaining({ receiptId: '\ufffd', resultId: '__proto__', reason: 'unknown receipt' }),
    )
  })

  it('longer than allowed is read no further; the validator has until the end to do better', async () => {
    const { behaviour } = await scene.join(0, { instead: raw('x'.repeat(1_100_000)) })
    const batchId = await scene.batch(1)
    await scene.platform.until(() => deliveryOf(batchId)?.status === 'accepted')
    const progress = async () =>
      (await scene.client.get(`/v1/miner-task-batches/progress/${batchId}`)).body.validators[0]
    for (let n = 0; n < 100 && !/too_large/.test((await progress()).reported?.status); n++) {
      scene.platform.nowMs += 1_000
      await scene.platform.tick()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect((await progress()).reported.status).toMatch(/response_too_large/)
    behaviour.instead = () => false
    await scene.decided(batchId)
    expect(deliveryOf(batchId)?.status).toBe('completed')
  })

  it('to one that never answers holds up nobody, and the clock least of all', async () => {
    await scene.join(0, { instead: () => true })
    await scene.join(1)
    const batchId = await scene.batch(2)
    const began = performance.now()
    await scene.platform.until(() => deliveryOf(batchId, 1)?.status === 'completed')
    for (let n = 0; n < 20; n++) await scene.platform.tick()
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(deliveryOf(batchId)?.status).toBe('sent')
    scene.platform.nowMs += 6 * 3_600_000
    await scene.decided(batchId)
    expect(scene.platform.state.batches.get(batchId)?.cause).toBe('deadline')
    expect(deliveryOf(batchId)).toMatchObject({ status: 'failed', reason: 'not_completed' })
    expect(scene.platform.state.roster?.[0]).not.toBeNull()
  })

  it('to one that refuses it is tried again with pauses, then given up with what was last heard', async () => {
    const times: number[] = []
    await scene.join(0, {
      instead: (_, response) => {
        times.push(scene.platform.nowMs)
        response.writeHead(403).end('{}')
        return true
      },
    })
    const batchId = await scene.batch(1)
    await ended(batchId)
    expect(deliveryOf(batchId)).toMatchObject({ status: 'failed', reason: 'not_accepted', attempt: 3 })
    expect(deliveryOf(batchId)?.detail).toContain('answered 403')
    expect(times).toHaveLength(3)
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(5_000)
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(10_000)
  })

  it('to one that holds another batch of its id, redirects, or says that it failed', async () => {
    await scene.join(0, { instead: status(409) })
    await scene.join(1, { instead: status(302) })
    const report = {
      total: 2,
      completed: 0,
      remaining: 2,
      miner_task_results: [],
      error: 'no\nsandbox\ud800',
    }
    const third = await scene.join(2)
    const batchId = await scene.batch(1)
    third.behaviour.instead = raw(JSON.stringify({ batch_id: batchId, status: 'failed', ...report }))
    await scene.decided(batchId)
    expect(deliveryOf(batchId, 0)).toMatchObject({ reason: 'batch_conflict' })
    expect(deliveryOf(batchId, 1)).toMatchObject({
      reason: 'not_accepted',
      detail: expect.stringContaining('redirected'),
    })
    expect(deliveryOf(batchId, 2)).toMatchObject({
      reason: 'validator_failed',
      detail: expect.not.stringContaining('sandbox'),
    })
  })

  it('is sent again, the same to the byte, to one that lost it', async () => {
    const double = await scene.join(0, { completed: 0 })
    const batchId = await scene.batch(2)
    await scene.platform.until(() => deliveryOf(batchId)?.status === 'accepted')
    const { text } = double.batches.get(batchId)!
    double.forget()
    await scene.platform.until(() => double.batches.has(batchId), 'it has the batch again')
    expect(double.batches.get(batchId)!.text).toBe(text)
    double.behaviour.completed = undefined
    await scene.decided(batchId)
    expect(deliveryOf(batchId)).toMatchObject({ status: 'completed', attempt: 2 })
  })

  it('goes to the allowlist alone, unless the setting lets everybody have it', async () => {
    const double = await scene.join(0)
    const { address } = double.signer
    await scene.client.admin('DELETE', `/v1/allowlist/${address}`, 'operator')
    const batchId = await scene.batch(1)
    for (let n = 0; n < 5; n++) await scene.platform.tick()
    expect(double.callers).toEqual([])
    // The gate does not look at the list.
    expect((await scene.client.weights(double.signer)).status).toBe(200)
    await scene.platform.restart({ casterNeedsAllowlist: false })
    scene.connect()
    await scene.decided(batchId)
    expect(deliveryOf(batchId)?.status).toBe('completed')
  })

  it('does not reach into a private network, whatever was registered when that was allowed', async () => {
    const double = await scene.join(0)
    const batchId = await scene.batch(1)
    await scene.platform.restart({ casterAllowPrivateHosts: false })
    scene.connect()
    await scene.platform.until(() => (deliveryOf(batchId)?.attempt ?? 0) >= 2)
    expect(double.callers).toEqual([])
    const { body } = await scene.client.get(`/v1/miner-task-batches/progress/${batchId}`)
    expect(body.validators[0].reported.status).toMatch(/private_address/)
  })

  it('carries time and nonce when requests are strict', async () => {
    await scene.platform.restart({ casterStrictRequests: true })
    const double = scene.doubles[0]
    expect(double).toBeUndefined()
    await scene.platform.restart({ casterStrictRequests: false })
    scene.connect()
    const joined = await scene.join(0)
    const batchId = await scene.batch(1)
    const headers: unknown[] = []
    joined.behaviour.instead = (request) => {
      headers.push(request.headers['x-caster-nonce'])
      return false
    }
    await scene.platform.restart({ casterStrictRequests: true })
    await scene.decided(batchId)
    expect(joined.unsigned).toEqual([])
    expect(headers.filter((nonce) => nonce !== undefined)).not.toEqual([])
    expect(new Set(headers).size).toBe(headers.length)
  })

  it('shows no reference to anybody but its validators until it is closed (invariant 14)', async () => {
    const double = await scene.join(0, { completed: 1 })
    const batchId = await scene.batch(2)
    await scene.platform.until(() => deliveryOf(batchId)?.status === 'accepted')
    const path = `/v1/miner-task-batches/batch/${batchId}`
    const asked = async (reader?: { address: string; sign: (text: string) => string }) =>
      JSON.stringify(
        (reader ? await scene.client.signed('GET', path, reader) : await scene.client.get(path)).body,
      )
    expect(await asked(double.signer)).toContain('secret-reference')
    for (const reader of [undefined, scene.miners[0]!, scene.judges[1]!])
      expect(await asked(reader)).not.toContain('secret-reference')
    expect(
      (await scene.client.signed('GET', path, { ...double.signer, sign: () => 'ab'.repeat(64) })).status,
    ).toBe(401)
    // A miner may register an endpoint; that alone opens nothing.
    await scene.ok(scene.client.register(scene.miners[0]!, double.url))
    expect(await asked(scene.miners[0]!)).not.toContain('secret-reference')
    double.behaviour.completed = undefined
    await ended(batchId)
    const log = JSON.stringify(await scene.platform.events())
    expect(log).not.toMatch(/secret-reference|verdictScore|"verdict"/)
    const progress = `/v1/miner-task-batches/progress/${batchId}`
    const shut = await scene.client.get(progress)
    expect(shut.body.miner_task_results).toEqual([])
    const { body } = await scene.client.get(`/v1/miner-task-batches/${batchId}/artifacts/x`)
    expect(body.detail).toBe('missing_signature')
    await scene.decided(batchId)
    expect(await asked()).toContain('secret-reference')
    const told = await scene.client.get(`${progress}?limit=1`)
    expect(told.body).toMatchObject({ status: 'decided', rows: 2, completed: 1, remaining: 0 })
    expect(told.body.miner_task_results).toHaveLength(2)
  })

  it('brings scripts to its validators, byte for byte', async () => {
    const double = await scene.join(0, { completed: 0 })
    const batchId = await scene.batch(1)
    const [candidate] = scene.platform.state.batches.get(batchId)!.candidates
    const path = `/v1/miner-task-batches/${batchId}/artifacts/${candidate!.artifactId}`
    const headers = scene.client.headersOf({ method: 'GET', path }, double.signer)
    const response = await fetch(`${scene.platform.url}${path}`, { headers })
    expect(response.headers.get('x-content-sha256')).toBe(candidate!.contentSha256)
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(await response.text()).toBe('one')
  })
})
