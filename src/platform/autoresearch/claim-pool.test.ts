import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { miners, validators } from '../../devnet/players/autoresearch/actors'
import { AutoresearchClient, type HotkeySigner } from '../../devnet/players/autoresearch/client'
import { autoresearchRules as rules } from '../../engine/systems/autoresearch-rules'
import type { Json } from '../../mechanisms/canonical-json'
import { TestPlatform, TOKEN } from './test/test-platform'
import { TEST_COMMIT, testPatch, testTask } from './test/test-task'

const BIT_COUNT = 256
const wallet = (n: number) => `0x${String(n).repeat(40)}`

describe('the claim pool over HTTP', { timeout: 120_000 }, () => {
  let platform: TestPlatform
  let client: AutoresearchClient
  let one: HotkeySigner
  let two: HotkeySigner
  let three: HotkeySigner

  beforeAll(async () => {
    await cryptoWaitReady()
    ;[one, two, three] = miners() as [HotkeySigner, HotkeySigner, HotkeySigner]
    const judges = validators()
    platform = await TestPlatform.start({
      rules,
      validators: judges.map(({ address }) => address).join(),
      settings: { autoresearchLegacyVerify: true, autoresearchMinTransferUnits: 500 },
    })
    client = new AutoresearchClient(platform.url, () => (platform.nowMs += 1_000))
    const { body } = await client.admin('POST', '/api/v1/tasks', TOKEN, testTask() as Json)
    for (const miner of [one, two, three]) await accept(body.id, miner, judges)
    for (const [n, miner] of [one, two].entries())
      expect((await client.setRecipient(miner, wallet(n + 1))).status).toBe(200)
  })
  afterAll(() => platform.close())

  /** Accepted by a committee of three, as the gate wants it. */
  async function accept(taskId: string, miner: HotkeySigner, judges: readonly HotkeySigner[]) {
    const claim = { claim_description: 'try' }
    const claimed = await client.signed(`/api/v1/tasks/${taskId}/claim`, miner, claim)
    const sent = await client.signed('/api/v1/submissions', miner, {
      claim_id: claimed.body.id,
      base_ref: TEST_COMMIT,
      patch: testPatch(),
      summary: 'x',
      claimed_metrics: { heldout_ppl: 8 },
    })
    for (const judge of judges.slice(0, 3)) {
      const answer = await client.signed(`/api/v1/submissions/${sent.body.id}/verify`, judge, {
        submission_id: sent.body.id,
        status: 'accepted',
        observed_metrics: { heldout_ppl: 8 },
        notes: '',
        replay_log: '',
      })
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    }
  }
  const admin = (path: string, body: object = {}) =>
    client.admin('POST', `/claims/admin/${path}`, TOKEN, body as Json)
  const build = (amounts: readonly (readonly [HotkeySigner, number])[]) =>
    admin('epochs', {
      budget_units: '1000000',
      earned: amounts.map(([{ address }, amount]) => ({ hotkey: address, amount_units: String(amount) })),
    })
  const publish = async ({ body }: Awaited<ReturnType<typeof build>>) => {
    const declared = { root: body.root, total_units: body.total_units, uri: 'ipfs://epoch', block: 7 }
    const answer = await admin(`epochs/${body.epoch}/publish`, declared)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  }
  const pay = async (epoch: number, { address }: HotkeySigner, over: object = {}) =>
    (await admin('payments', { epoch, hotkey: address, ...over })).body
  const outlook = async (epoch: number, { address }: HotkeySigner, query = '') =>
    (await client.get(`/claims/epoch/${epoch}/dry-run/${address}${query}`)).body
  const veto = (epoch: number, active: boolean) =>
    admin(`epochs/${epoch}/veto`, { active, actor: 'arbiter', reason: 'look' })

  it('has no package, epoch or root before anything is published', async () => {
    expect((await client.get('/claims/health')).body).toMatchObject({
      claim_ready: false,
      veto_count: 0,
      latest_published_epoch: null,
      proof_api: 'up',
      publisher: 'operator',
    })
    expect((await client.get('/claims/epochs')).body).toEqual({ epochs: [], default_epoch: null })
    for (const path of ['/claims/epoch', '/claims/epoch/1', `/claims/epoch/proof/${one.address}`])
      expect(await client.get(path)).toMatchObject({ status: 404, body: { detail: 'epoch_not_found' } })
  })

  it('tells before an epoch is published what each claim of it would do', async () => {
    const built = await build([
      [one, 10_000],
      [two, 400],
      [three, 900],
    ])
    expect(built.body).toMatchObject({ epoch: 1, num_of_leaves: 2, held: [three.address] })
    expect(await outlook(1, one)).toMatchObject({
      verdict: 'epoch_not_claimable',
      delta_units: '10000',
      recipient_coldkey: wallet(1),
      recipient_changed: false,
    })
    await publish(built)
    expect(await outlook(1, one)).toMatchObject({ verdict: 'paid', claimed_after_units: '10000' })
    expect(await outlook(1, two)).toMatchObject({
      verdict: 'below_minimum',
      delta_units: '400',
      min_transfer_units: '500',
    })
    expect(await outlook(1, two, '?min_transfer_units=400')).toMatchObject({ verdict: 'paid' })
    const nobody = await client.get(`/claims/epoch/1/dry-run/${three.address}`)
    expect(nobody).toMatchObject({ status: 404, body: { detail: 'claim_package_not_found' } })
  })

  it('serves packages whose recipient is fixed in the leaf', async () => {
    expect((await client.setRecipient(one, wallet(9))).status).toBe(200)
    const paths = [
      '/claims/epoch/proof/',
      '/claims/epoch/claim/',
      '/claims/epoch/1/proof/',
      '/claims/epoch/1/claim/',
    ]
    for (const path of paths) {
      const { body } = await client.get(path + one.address)
      expect(body).toMatchObject({
        epoch: 1,
        index: expect.any(Number),
        hotkey: one.address,
        recipient_coldkey: wallet(1),
        amount: '10000',
        amount_units: '10000',
        claimable: true,
        proof: [expect.stringMatching(/^0x[0-9a-f]{64}$/)],
      })
    }
    expect(await outlook(1, one)).toMatchObject({ recipient_now: wallet(9), recipient_changed: true })
    const served = (await platform.events()).filter(({ type }) => type === 'ClaimProofServed')
    expect(served).toHaveLength(1)
  })

  it('refuses a proof after any single-bit change of a sibling, and pays with the true one', async () => {
    const { proof } = (await client.get(`/claims/epoch/1/proof/${one.address}`)).body
    const sibling = BigInt(proof[0])
    for (let bit = 0; bit < BIT_COUNT; bit++) {
      const changed = `0x${(sibling ^ (1n << BigInt(bit))).toString(16).padStart(64, '0')}`
      expect((await pay(1, one, { proof: [changed] })).detail, `bit ${bit}`).toBe('proof_invalid')
    }
    for (const wrong of [[], [...proof, ...proof]])
      expect((await pay(1, one, { proof: wrong })).detail).toBe('proof_invalid')
    expect(await pay(1, one, { proof })).toMatchObject({ outcome: 'paid', delta_units: '10000' })
  })

  it('says what the chain’s own error means', async () => {
    expect(await pay(1, two)).toEqual({ outcome: 'reverted', reason: 'below_minimum', delta_units: '400' })
    const error = { chain_error: 'ContractReverted' }
    expect(await pay(1, two, error)).toMatchObject({ outcome: 'reverted', reason: 'ContractReverted' })
    expect(await pay(1, one)).toMatchObject({ reason: 'nothing_new', delta_units: '0' })
  })

  it('carries totals on: an older epoch pays nothing after a newer one', async () => {
    await publish(
      await build([
        [one, 5_000],
        [two, 200],
      ]),
    )
    expect(await pay(2, one)).toMatchObject({ outcome: 'paid', delta_units: '5000', claimed_units: '15000' })
    expect(await pay(1, one)).toMatchObject({
      outcome: 'reverted',
      reason: 'nothing_new',
      delta_units: '-5000',
    })
    expect(await pay(2, two)).toMatchObject({ outcome: 'paid', delta_units: '600' })
  })

  it('locks every claim by one veto, and tells the newest epoch that was not vetoed', async () => {
    await publish(await build([[one, 1_000]]))
    expect((await veto(3, true)).body).toEqual({ veto_count: 1 })
    expect((await client.get('/claims/health')).body).toMatchObject({ veto_count: 1, claim_ready: false })
    expect((await client.get('/claims/epochs')).body.default_epoch).toBe(2)
    expect(await pay(3, one)).toMatchObject({ outcome: 'reverted', reason: 'vetoed' })
    expect(await outlook(2, two)).toMatchObject({ verdict: 'vetoed' })
    expect((await veto(3, true)).body).toEqual({ veto_count: 1 })
    expect((await veto(3, false)).body).toEqual({ veto_count: 0 })
    expect((await client.get('/claims/epochs')).body.default_epoch).toBe(3)
  })

  it('stops a challenged epoch and new ones; a slashed one is gone from the totals', async () => {
    const evidence = { evidence_hash: `0x${'ab'.repeat(32)}`, challenger: 'somebody' }
    expect((await admin('epochs/3/challenge', evidence)).status).toBe(200)
    expect((await build([[one, 1_000]])).body.detail).toBe('epoch_challenged')
    expect((await admin('epochs/3/challenge', evidence)).body.detail).toBe('epoch_challenged')
    expect(await pay(3, one)).toMatchObject({ reason: 'epoch_not_claimable' })
    const { body } = await client.get(`/claims/epoch/3/proof/${one.address}`)
    expect(body.claimable).toBe(false)
    expect((await client.get(`/claims/epoch/2/proof/${one.address}`)).body.claimable).toBe(true)
    const by = { resolver: 'arbiter', beneficiary: 'somebody' }
    expect((await admin('epochs/3/resolve', { slash: true, ...by })).body.status).toBe('slashed')
    expect((await admin('epochs/3/resolve', { slash: true, ...by })).body.detail).toBe('epoch_slashed')
    const next = await build([[one, 1_000]])
    expect(next.body).toMatchObject({ epoch: 4, total_units: '16600' })
    await publish(next)
    expect(await pay(4, one)).toMatchObject({ outcome: 'paid', delta_units: '1000' })
  })

  it('keeps an epoch that somebody was paid out of, whatever a challenge says', async () => {
    await admin('epochs/4/challenge', { evidence_hash: `0x${'ab'.repeat(32)}`, challenger: 'somebody' })
    const slashed = await admin('epochs/4/resolve', { slash: true, resolver: 'arbiter' })
    expect(slashed).toMatchObject({ status: 409, body: { detail: 'epoch_stands' } })
    expect((await admin('epochs/4/resolve', { slash: false, resolver: 'arbiter' })).body.status).toBe(
      'published',
    )
  })

  it('takes a recipient by the hotkey’s own word only, once, within five minutes', async () => {
    const path = '/claims/recipient'
    platform.nowMs += 1_000
    const now = Math.floor(platform.nowMs / 1_000)
    const body = { recipient_coldkey: wallet(8) }
    const signed = (time: number, by = two) => ({
      'x-key': two.address,
      'x-timestamp': String(time),
      'x-signature': by.sign(`recipient_coldkey:update:${time}:${wallet(8)}`),
    })
    const send = (headers: Record<string, string>, sent: Json = body) =>
      client.send({ method: 'POST', path, body: sent, headers })
    const cases: [Record<string, string>, Json, string][] = [
      [{}, body, 'hotkey_invalid'],
      [signed(now - 301), body, 'timestamp_skew'],
      [signed(now, one), body, 'signature_invalid'],
      [signed(now), { recipient_coldkey: wallet(7) }, 'signature_invalid'],
    ]
    for (const [headers, sent, detail] of cases)
      expect(await send(headers, sent)).toMatchObject({ status: 401, body: { detail } })
    expect(await send(signed(now))).toMatchObject({ status: 200, body })
    expect((await send(signed(now))).body.detail).toBe('signature_replayed')
    expect((await client.get(`${path}/${two.address}`)).body).toMatchObject(body)
    expect((await client.get(`${path}/${three.address}`)).status).toBe(404)
  })

  it('is the operator’s to change alone', async () => {
    const answer = await client.admin('POST', '/claims/admin/epochs', 'guess', { budget_units: '1' })
    expect(answer).toMatchObject({ status: 401, body: { detail: 'admin_token_invalid' } })
  })
})
