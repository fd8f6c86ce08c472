import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import { TOKEN } from './test/test-platform'
import type { Outcome } from './test/test-results'
import { account, TestScene } from './test/test-scene'
import type { TestValidator } from './test/test-validator'

const HOUR_MS = 3_600_000

describe('the roster and its weights', { timeout: 60_000 }, () => {
  let scene: TestScene
  let double: TestValidator
  const quality = new Map<string, Outcome>()
  beforeEach(async () => {
    scene = await TestScene.start({ rules })
    double = await scene.join(0, { outcome: (artifact) => quality.get(artifact) ?? 'wrong' })
  })
  afterEach(() => scene.close())

  const submit = async (n: number, words: string, outcome: Outcome) => {
    const artifact = await scene.submit(n, words)
    quality.set(artifact, outcome)
    return artifact
  }
  const play = async () => scene.decided(await scene.batch(2))
  const places = () =>
    scene.platform.state.roster!.map(
      (entry) => entry && scene.miners.findIndex(({ address }) => account(address) === entry.hotkey),
    )
  const weights = async () =>
    (await scene.ok(scene.client.weights(scene.judges[0]!))) as { weights: object; final_top: unknown }
  const setPolicy = async (over: object) => {
    const { policy } = (await scene.client.get('/v1/policy')).body
    const next = { ...policy, ...over, effectiveFromBlock: 10 }
    await scene.ok(scene.client.admin('PUT', '/v1/policy', TOKEN, { policy: next }))
  }
  const typesSince = async (from: number) =>
    (await scene.platform.events()).slice(from).map(({ type }) => type)

  it('a challenger that beats the first takes its place; one that ties or loses changes nothing', async () => {
    await submit(0, 'half', 'half')
    await play()
    expect(places()).toEqual([0, null, null])
    await submit(1, 'better', 'full')
    await play()
    expect(places()).toEqual([1, 0, null])
    // A copycat with one byte more, and one that is worse.
    await submit(2, 'better ', 'full')
    await submit(3, 'worse', 'half')
    await play()
    expect(places()).toEqual([1, 0, null])
    const last = (await scene.platform.events()).filter(({ type }) => type === 'ChallengerCompared').at(-1)!
    expect(last.payload).toMatchObject({
      beats: false,
      needed: 2,
      effect: 'unchanged',
      challenger: { total: 1 },
      incumbent: { total: 2 },
      ruleVersion: 'caster-roster/1',
      policyId: 'caster/top3',
    })
  })

  it('nobody with nothing enters an empty roster', async () => {
    await submit(0, 'wrong', 'wrong')
    await play()
    expect(places()).toEqual([null, null, null])
    expect(await weights()).toEqual({ weights: { 0: 1 }, final_top: null })
  })

  it('a second that lost its uid is not paid, and neither is the stranger who has it now', async () => {
    await submit(0, 'half', 'half')
    await play()
    await submit(1, 'better', 'full')
    await play()
    expect(await weights()).toEqual({
      weights: { 0: expect.closeTo(0.1), 10: 0.3, 11: 0.6 },
      final_top: [11, 10, null],
    })
    const { uids } = scene.platform.facts
    uids.delete(account(scene.miners[0]!.address))
    uids.set(account(scene.miners[4]!.address), 10)
    const { weights: paid, final_top } = await weights()
    expect(paid).toEqual({ 0: expect.closeTo(0.4), 11: 0.6 })
    expect(final_top).toEqual([11, null, null])
    // It comes back with another uid: the place is the hotkey's.
    uids.set(account(scene.miners[0]!.address), 77)
    expect((await weights()).final_top).toEqual([11, 77, null])
  })

  it('the champion that lost its uid still meets its challengers', async () => {
    await submit(0, 'good', 'full')
    await play()
    scene.platform.facts.uids.delete(account(scene.miners[0]!.address))
    await submit(1, 'as good', 'full')
    await play()
    expect(places()).toEqual([0, null, null])
    expect(scene.platform.state.batches.get(scene.platform.state.rosterBatchId!)).toMatchObject({
      championUid: null,
      candidates: [{ uid: 10 }, { uid: 11 }],
    })
  })

  it('scripts of after the cutoff wait for the next batch, and older ones of a hotkey are not compared', async () => {
    const old = await submit(0, 'old', 'full')
    const cutoff_at = new Date(scene.platform.nowMs).toISOString()
    const fresh = await submit(0, 'fresh', 'full')
    await submit(1, 'late', 'full')
    const batchId = await scene.batch(1, { cutoff_at })
    const candidatesOf = (id: string) =>
      scene.platform.state.batches.get(id)!.candidates.map(({ artifactId }) => artifactId)
    expect(candidatesOf(batchId)).toEqual([old])
    await scene.decided(batchId)
    const next = await scene.batch(1)
    expect(candidatesOf(next)).toEqual([old, fresh, expect.any(String)])
    await scene.decided(next)
    expect(scene.platform.state.roster![0]).toMatchObject({ artifactId: fresh })
  })

  it('one place under the policy of a single champion: the others are gone, and come back empty', async () => {
    await submit(0, 'half', 'half')
    await play()
    await submit(1, 'better', 'full')
    await play()
    await setPolicy({ id: 'one', roster: 'champion', shares: [1] })
    expect(await weights()).toEqual({ weights: { 11: 1 }, final_top: [11, null, null] })
    await play()
    expect(places()).toEqual([1])
    await setPolicy({ id: 'three', roster: 'top3', shares: [0.6, 0.3, 0.1] })
    expect((await weights()).final_top).toEqual([11, null, null])
    await play()
    expect(places()).toEqual([1, null, null])
  })

  it('the log has an answer once, who was served it once, and a refusal once a reason', async () => {
    await submit(0, 'good', 'full')
    await play()
    const from = (await scene.platform.events()).length
    for (let n = 0; n < 3; n++) await weights()
    expect(await typesSince(from)).toEqual(['WeightsComputed', 'WeightsServed'])
    for (let n = 0; n < 3; n++) await scene.client.weights(scene.judges[1]!)
    await scene.ok(scene.client.register(scene.judges[1]!, 'https://v.example'))
    await scene.ok(scene.client.weights(scene.judges[1]!))
    const types = (await typesSince(from + 2)).filter((type) => type !== 'ValidatorFunctioningChanged')
    expect(types).toEqual(['WeightsDenied', 'ValidatorRegistered', 'WeightsServed'])
    const served = (await scene.platform.events()).findLast(({ type }) => type === 'WeightsServed')!
    const headers = scene.client.headersOf({ method: 'GET', path: '/v1/weights' }, scene.judges[1]!)
    const text = await (await fetch(`${scene.platform.url}/v1/weights`, { headers })).text()
    expect(served.payload).toMatchObject({ weightsSha256: createHash('sha256').update(text).digest('hex') })
  })

  it('a stranger cannot fill the log with refusals', async () => {
    scene.platform.facts.uids.delete(account(scene.miners[4]!.address))
    const from = (await scene.platform.events()).length
    expect((await scene.client.weights(scene.miners[4]!)).body.detail).toBe('unknown_hotkey')
    expect((await typesSince(from)).filter((type) => type === 'WeightsDenied')).toEqual([])
  })

  it('a gate shuts by the clock alone, stays shut when registering again, and opens with a completed batch', async () => {
    const gates = async () =>
      (await scene.platform.events())
        .filter(({ type }) => type === 'ValidatorFunctioningChanged')
        .map(({ payload }) => payload as { functioning: boolean; reason: string; shutsAt: number | null })
    const show = async () => (await scene.client.get(`/v1/validators/${double.signer.address}`)).body
    await scene.platform.tick()
    expect(await show()).toMatchObject({
      functioning: true,
      reason: 'grace_since_registration',
      hours_left: 120,
    })
    scene.platform.nowMs += 100 * HOUR_MS
    await scene.ok(scene.client.register(double.signer, double.url))
    expect(await show()).toMatchObject({ functioning: true, hours_left: 20 })
    scene.platform.nowMs += 21 * HOUR_MS
    await scene.platform.tick()
    expect(await show()).toMatchObject({ functioning: false, reason: 'limit_passed', hours_left: 0 })
    expect(await gates()).toMatchObject([
      { functioning: true, reason: 'grace_since_registration' },
      { functioning: false, reason: 'limit_passed', shutsAt: null },
    ])
    // No deadlock: a shut gate keeps nobody from being sent a batch.
    await submit(0, 'good', 'full')
    await play()
    await scene.platform.tick()
    expect((await gates()).at(-1)).toMatchObject({ functioning: true, reason: 'within_limit' })
    expect((await scene.client.weights(double.signer)).status).toBe(200)
  })

  it('a batch that the operator closes counts those who are done', async () => {
    await submit(0, 'good', 'full')
    const slow = await scene.join(1, { completed: 0 })
    const batchId = await scene.batch(1)
    const { deliveries } = scene.platform.state.batches.get(batchId)!
    await scene.platform.until(() => deliveries.get(account(double.signer.address))?.status === 'completed')
    await scene.ok(scene.client.admin('POST', `/v1/miner-task-batches/batch/${batchId}/close`, TOKEN))
    await scene.decided(batchId)
    expect(places()).toEqual([0, null, null])
    expect(deliveries.get(account(slow.signer.address))).toMatchObject({ reason: 'not_completed' })
    const closed = (await scene.platform.events()).find(({ type }) => type === 'BatchClosed')!
    expect(closed.payload).toMatchObject({ cause: 'operator' })
  })
})
