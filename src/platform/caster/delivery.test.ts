import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import { Projector } from '../../projections/projector'
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
    const projector = new Projector()
    scene = await TestScene.start({
      rules,
      settings: { casterDeliveryAttempts: 3, casterProgressMaxMib: 1 },
      projecting: () => ({
        project: (client, events) => projector.apply(client, events),
        onRollback: () => projector.reset(),
      }),
    })
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
    await scene.join(0, { instead: status(403) })
    const batchId = await scene.batch(1)
    await ended(batchId)
    expect(deliveryOf(batchId)).toMatchObject({ status: 'failed', reason: 'not_accepted', attempt: 3 })
    expect(deliveryOf(batchId)?.detail).toContain('answered 403')
    const sent = (await eventsOf('BatchSent')) as { attempt: number; at: number }[]
    expect(sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    expect(sent[1]!.at - sent[0]!.at).toBeGreaterThanOrEqual(5_000)
    expect(sent[2]!.at - sent[1]!.at).toBeGreaterThanOrEqual(10_000)
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
      attempt: 3,
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

  it('does not go to whoever has lost its permit, nor are its references told; whoever has it already goes on', async () => {
    const { permits } = scene.platform.facts
    const [late, early] = [await scene.join(0), await scene.join(1, { completed: 0 })]
    const accountOf = ({ signer }: typeof late) => account(signer.address)
    permits!.delete(accountOf(late))
    const batchId = await scene.batch(1)
    const seesReferences = async ({ signer }: typeof late) => {
      const at = `/v1/miner-task-batches/batch/${batchId}`
      return JSON.stringify(await scene.ok(scene.client.signed('GET', at, signer))).includes(
        'secret-reference',
      )
    }
    await scene.platform.until(() => deliveryOf(batchId, 1)?.status === 'accepted', 'it is sent')
    permits!.delete(accountOf(early))
    expect(late.callers).toEqual([])
    expect([await seesReferences(late), await seesReferences(early)]).toEqual([false, true])
    early.behaviour.completed = undefined
    await ended(batchId, 1)
    expect(deliveryOf(batchId, 1)?.status).toBe('completed')
    await scene.decided(batchId)
    expect(deliveryOf(batchId, 0)).toBeUndefined()
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
    // A miner with stake enough for a permit may register an endpoint; that alone opens nothing.
    scene.platform.facts.permits!.add(account(scene.miners[0]!.address))
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
