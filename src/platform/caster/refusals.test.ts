import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import { testClaim, testDataset } from './test/test-dataset'
import { TOKEN } from './test/test-platform'
import { account, TestScene } from './test/test-scene'

const NOWHERE = '00000000-0000-4000-8000-000000000000'
const BATCH = '/v1/miner-task-batches/batch'
const page = readFileSync(path.resolve(__dirname, '../../../docs/platforms/caster.md'), 'utf8')

describe('what is refused, and why', { timeout: 60_000 }, () => {
  let scene: TestScene
  const seen = new Set<string>()
  beforeAll(async () => {
    scene = await TestScene.start({ rules })
  })
  afterAll(() => scene.close())

  const admin = (method: string, where: string, body?: unknown) =>
    scene.client.admin(method, where, TOKEN, body)
  const expectRefused = (
    answer: { status: number; body: { detail: string } },
    status: number,
    detail: string,
  ) => {
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status, body: { detail } })
    seen.add(detail)
    return answer.body as { detail: string; message: string; facts?: Record<string, unknown> }
  }
  const script = (over: object = {}) =>
    scene.client.signed('POST', '/v1/miners/scripts', scene.miners[0]!, {
      script_b64: Buffer.from('pass').toString('base64'),
      sha256: 'd74ff0ee8da3b9806b18c877dbf29bbde50b5bd8e4dad7a3a725000feb82e8f1',
      ...over,
    })

  describe('a script', () => {
    it.each([
      ['of another hash', { sha256: 'ab'.repeat(32) }, 422, 'sha_mismatch'],
      ['that is empty', { script_b64: '' }, 422, 'empty_script'],
      ['that is not UTF-8', { script_b64: Buffer.from([0xff, 0xfe]).toString('base64') }, 422, 'not_utf8'],
      ['that is no base64', { script_b64: '@@@@' }, 422, 'invalid_base64'],
      ['in sloppy base64', { script_b64: 'cGFzcw' }, 422, 'invalid_base64'],
      [
        'of 256 001 bytes',
        { script_b64: Buffer.alloc(256_001, 'a').toString('base64') },
        413,
        'script_too_large',
      ],
      [
        'of far too many characters, which is not decoded',
        { script_b64: '@'.repeat(400_000) },
        413,
        'script_too_large',
      ],
      ['with an unknown field', { surprise: 1 }, 422, 'request_invalid'],
      ['with a number for its text', { script_b64: 1 }, 422, 'request_invalid'],
    ])('%s', async (_, over, status, detail) => {
      expectRefused(await script(over), status, detail)
    })

    it('that there is already, also of another hotkey, and a hundred at a time', async () => {
      const many = await Promise.all(
        Array.from({ length: 100 }, (_, n) => scene.client.submit(scene.miners[n % 2]!, 'the same')),
      )
      expect(many.filter(({ status }) => status === 200)).toHaveLength(1)
      for (const answer of many.filter(({ status }) => status !== 200))
        expectRefused(answer, 409, 'duplicate_script')
      const submitted = (await scene.platform.events()).filter(({ type }) => type === 'ScriptSubmitted')
      expect(submitted).toHaveLength(1)
    })

    it('of a hotkey without a uid; the reason stays in the log', async () => {
      const { uids } = scene.platform.facts
      const uid = uids.get(account(scene.miners[4]!.address))!
      uids.delete(account(scene.miners[4]!.address))
      expectRefused(await scene.client.submit(scene.miners[4]!, 'stranger'), 403, 'unknown_hotkey')
      uids.set(account(scene.miners[4]!.address), uid)
      const last = (await scene.platform.events()).findLast(({ type }) => type === 'CommandRefused')
      expect(last!.payload).toMatchObject({
        system: 'caster',
        command: 'submit-script',
        code: 'unknown_hotkey',
      })
    })

    it('is taken at its largest', async () => {
      expect((await scene.client.submit(scene.miners[1]!, 'a'.repeat(256_000))).status).toBe(200)
    })
  })

  it('an operator without the token', async () => {
    const answer = await scene.client.admin('POST', '/v1/datasets', 'guess', testDataset(1))
    expectRefused(answer, 401, 'admin_token_invalid')
  })

  it.each([
    [
      'one verdict option',
      { rubric: { title: 't', description: 'd', verdict_options: [{ value: 1, description: 'a' }] } },
    ],
    [
      'an unknown set of verdicts',
      {
        rubric: {
          title: 't',
          description: 'd',
          verdict_options: [
            { value: 0, description: 'a' },
            { value: 1, description: 'b' },
          ],
        },
      },
    ],
    [
      'an empty description',
      {
        rubric: {
          title: 't',
          description: 'd',
          verdict_options: [
            { value: -1, description: ' ' },
            { value: 1, description: 'b' },
          ],
        },
      },
    ],
    [
      'a reference that is no option',
      { reference_answer: { verdict: 0, justification: 'j', citations: [], spans: [] } },
    ],
    ['a champion’s verdict that is no option', { champion_verdict: 5 }],
    ['half a character', { text: '\ud800' }],
    ['a NUL', { text: 'a\0b' }],
  ])('a data set with %s', async (_, over) => {
    const body = { ...testDataset(0), claims: [testClaim('a', over)] }
    expectRefused(await admin('POST', '/v1/datasets', body), 422, 'dataset_invalid')
    const last = (await scene.platform.events()).at(-1)!
    expect(last).toMatchObject({ type: 'CommandRefused', payload: { code: 'dataset_invalid' } })
  })

  it.each([
    ['no claim', { claims: [] }],
    ['an unknown field of a claim', { claims: [testClaim('a', { surprise: 1 })] }],
    ['a verdict in words', { claims: [testClaim('a', { champion_verdict: '1' })] }],
    ['half a verdict', { claims: [testClaim('a', { champion_verdict: 0.5 })] }],
    ['a window in words', { factoid_window: { from: 'yesterday', to: 'today' } }],
  ])('a data set with %s is no data set at all', async (_, over) => {
    expectRefused(await admin('POST', '/v1/datasets', { ...testDataset(1), ...over }), 422, 'request_invalid')
  })

  it('a data set with a claim twice, a window that ends before it begins, a champion that nobody is', async () => {
    const twice = { ...testDataset(0), claims: [testClaim('a'), testClaim('a')] }
    expectRefused(await admin('POST', '/v1/datasets', twice), 422, 'dataset_invalid')
    const { from, to } = testDataset(1).factoid_window
    const backwards = { ...testDataset(1), factoid_window: { from: to, to: from } }
    expectRefused(await admin('POST', '/v1/datasets', backwards), 422, 'dataset_invalid')
    const championed = { ...testDataset(1), champion_artifact_id: NOWHERE }
    expectRefused(await admin('POST', '/v1/datasets', championed), 409, 'champion_mismatch')
  })

  it('a batch of no data set, an unknown one, a cutoff to come, before any script, or of another champion', async () => {
    expectRefused(await admin('POST', BATCH, {}), 409, 'no_dataset')
    expectRefused(await admin('POST', BATCH, { dataset_id: NOWHERE }), 404, 'dataset_not_found')
    const later = new Date(scene.platform.nowMs + 1_000).toISOString()
    expectRefused(await admin('POST', BATCH, { cutoff_at: later }), 422, 'cutoff_in_future')
    const early = { cutoff_at: '2020-01-01T00:00:00Z', dataset: testDataset(1) }
    expectRefused(await admin('POST', BATCH, early), 409, 'no_candidates')
    expectRefused(await admin('POST', BATCH, { champion_uid: 3 }), 409, 'champion_mismatch')
    expectRefused(await admin('POST', `${BATCH}/${NOWHERE}/close`), 404, 'batch_not_found')
  })

  it('a second batch beside an open one, the same id, the same data set, and a second closing', async () => {
    await scene.join(0)
    await scene.submit(2, 'good')
    const id = await scene.batch(2)
    expectRefused(await admin('POST', BATCH, {}), 409, 'batch_open')
    expectRefused(await admin('POST', BATCH, { batch_id: id }), 409, 'batch_exists')
    await scene.decided(id)
    expectRefused(await admin('POST', `${BATCH}/${id}/close`), 409, 'batch_closed')
    const dataset_id = scene.platform.state.batches.get(id)!.datasetId
    expectRefused(await admin('POST', BATCH, { dataset_id }), 409, 'dataset_used')
  })

  it('with a champion: missing verdicts, too easy a data set, one that another was measured by', async () => {
    expectRefused(await admin('POST', '/v1/datasets', testDataset(2)), 422, 'champion_verdicts_missing')
    const easy = await admin('POST', '/v1/datasets', testDataset(2, 1))
    expect(easy.body).toMatchObject({ accepted: false, champion_wrong: 0 })
    const body = { dataset_id: easy.body.dataset_id }
    const { facts } = expectRefused(await admin('POST', BATCH, body), 409, 'dataset_not_accepted')
    expect(facts).toEqual({ champion_wrong: 0, claims: 2 })
    const half = {
      ...testDataset(0),
      claims: [testClaim('a', { champion_verdict: 1 }), testClaim('b', { champion_verdict: null })],
    }
    expect((await admin('POST', '/v1/datasets', half)).body).toMatchObject({
      accepted: true,
      champion_wrong: 1,
    })
    const stale = await admin('POST', '/v1/datasets', testDataset(2, -1))
    // The champion sends a newer script, which takes its place in the next batch.
    const { hotkey } = scene.platform.state.roster![0]!
    await scene.submit(
      scene.miners.findIndex(({ address }) => account(address) === hotkey),
      'newer',
    )
    await scene.decided(await scene.batch(2))
    expectRefused(await admin('POST', BATCH, { dataset_id: stale.body.dataset_id }), 409, 'dataset_stale')
  })

  it.each([
    ['ftp://v.example', 'base_url_invalid'],
    ['nothing', 'base_url_invalid'],
    ['https://me:secret@v.example', 'base_url_invalid'],
    ['https://v.example/?x=1', 'base_url_invalid'],
    ['https://v.example/#x', 'base_url_invalid'],
    [`https://v.example/${'x'.repeat(300)}`, 'base_url_invalid'],
    ['http://127.0.0.1:8100', 'base_url_private'],
    ['http://0x7f.1', 'base_url_private'],
    ['http://2130706433', 'base_url_private'],
    ['http://[::1]:8100', 'base_url_private'],
    ['http://[::ffff:10.0.0.1]', 'base_url_private'],
    ['http://169.254.169.254/latest', 'base_url_private'],
    ['http://localhost:8100', 'base_url_private'],
    ['http://db.internal', 'base_url_private'],
  ])('a validator at %s', async (url, detail) => {
    if (detail === 'base_url_private') {
      await scene.platform.restart({ casterAllowPrivateHosts: false })
      scene.connect()
    }
    expectRefused(await scene.client.register(scene.judges[0]!, url), 422, detail)
  })

  it('a validator that holds no uid', async () => {
    const { uids } = scene.platform.facts
    uids.delete(account(scene.judges[2]!.address))
    expectRefused(await scene.client.register(scene.judges[2]!, 'https://v.example'), 403, 'unknown_hotkey')
    expectRefused(await scene.client.weights(scene.judges[2]!), 403, 'unknown_hotkey')
  })

  it('a hotkey without a validator permit: its registration, its weights, and scripts of batches', async () => {
    const { permits } = scene.platform.facts
    const judge = scene.judges[2]!
    scene.platform.facts.uids.set(account(judge.address), 3)
    permits!.delete(account(judge.address))
    const facts = { hotkey: judge.address, netuid: 67, permits_known: true }
    const refused = [
      await scene.client.register(judge, 'https://v.example'),
      await scene.client.weights(judge),
    ]
    for (const answer of refused) {
      const body = expectRefused(answer, 403, 'no_validator_permit')
      expect(body).toMatchObject({ message: expect.stringMatching(/stake more/), facts })
    }
    permits!.add(account(judge.address))
    await scene.ok(scene.client.register(judge, 'https://v.example'))
    await scene.ok(admin('POST', '/v1/allowlist', { hotkey: judge.address }))
    const [batch] = [...scene.platform.state.batches.values()]
    const { batchId, candidates } = batch!
    const scriptAt = `/v1/miner-task-batches/${batchId}/artifacts/${candidates[0]!.artifactId}`
    expect((await scene.client.signed('GET', scriptAt, judge)).status).toBe(200)
    permits!.delete(account(judge.address))
    expectRefused(await scene.client.signed('GET', scriptAt, judge), 403, 'validator_not_permitted')
    expect((await scene.client.get(`/v1/validators/${judge.address}`)).body).toMatchObject({
      has_permit: false,
    })
    expectRefused(await scene.client.weights(judge), 403, 'no_validator_permit')
    const denied = (await scene.platform.events()).filter(({ type }) => type === 'WeightsDenied')
    expect(denied.at(-1)!.payload).toMatchObject({ reason: 'no_validator_permit' })
    permits!.add(account(judge.address))
    expect((await scene.client.weights(judge)).status).toBe(200)
  })

  it('every hotkey while the log tells no permits, and says so; none when the operator does not ask for them', async () => {
    const { permits } = scene.platform.facts
    scene.platform.facts.permits = null
    const body = expectRefused(await scene.client.weights(scene.judges[2]!), 403, 'no_validator_permit')
    expect(body).toMatchObject({
      message: expect.stringMatching(/tells no validator permits.*SUBLEDGER_CASTER_NEEDS_PERMIT=off/),
      facts: { permits_known: false },
    })
    expectRefused(
      await scene.client.register(scene.judges[1]!, 'https://v.example'),
      403,
      'no_validator_permit',
    )
    await scene.platform.restart({ casterNeedsPermit: false })
    scene.connect()
    expect((await scene.client.weights(scene.judges[2]!)).status).toBe(200)
    await scene.platform.restart()
    scene.connect()
    scene.platform.facts.permits = permits
  })

  it('weights for one without an endpoint, and for one whose gate is shut, with the reason', async () => {
    expectRefused(await scene.client.weights(scene.judges[1]!), 403, 'validator_not_registered')
    await scene.ok(scene.client.register(scene.judges[1]!, 'https://v.example'))
    expect((await scene.client.weights(scene.judges[1]!)).status).toBe(200)
    scene.platform.nowMs += 121 * 3_600_000
    const { facts } = expectRefused(
      await scene.client.weights(scene.judges[1]!),
      403,
      'validator_not_functioning',
    )
    expect(facts).toMatchObject({
      reason: 'limit_passed',
      hours_left: 0,
      limit_hours: 120,
      last_success_at: null,
    })
  })

  it('scripts and references for whoever is no validator of the batch', async () => {
    const [batch] = [...scene.platform.state.batches.values()]
    const { batchId, candidates } = batch!
    const where = `/v1/miner-task-batches/${batchId}/artifacts`
    const at = `${where}/${candidates[0]!.artifactId}`
    expectRefused(await scene.client.get(at), 401, 'missing_signature')
    expectRefused(await scene.client.signed('GET', at, scene.miners[0]!), 403, 'validator_not_permitted')
    expectRefused(
      await scene.client.signed('GET', `${where}/${NOWHERE}`, scene.judges[0]!),
      404,
      'artifact_not_found',
    )
    const none = `/v1/miner-task-batches/${NOWHERE}/artifacts/${NOWHERE}`
    expectRefused(await scene.client.signed('GET', none, scene.judges[0]!), 404, 'batch_not_found')
    expectRefused(await scene.client.get(`${BATCH}/${NOWHERE}`), 404, 'batch_not_found')
    expectRefused(
      await scene.client.get(`/v1/miner-task-batches/progress/${NOWHERE}`),
      404,
      'batch_not_found',
    )
    expectRefused(
      await scene.client.get(`/v1/validators/${scene.miners[0]!.address}`),
      404,
      'validator_not_found',
    )
  })

  it('an allowlist entry that is no hotkey', async () => {
    const hotkey = 'x'.repeat(48)
    expectRefused(await admin('POST', '/v1/allowlist', { hotkey }), 422, 'hotkey_invalid')
    expectRefused(await admin('DELETE', `/v1/allowlist/${hotkey}`), 422, 'hotkey_invalid')
  })

  it('a policy that is none, is known, or is of the past', async () => {
    const { policy } = (await scene.client.get('/v1/policy')).body
    const put = (over: object) => admin('PUT', '/v1/policy', { policy: { ...policy, ...over } })
    expectRefused(await put({ id: 'a', shares: [1] }), 422, 'policy_invalid')
    expectRefused(await put({}), 409, 'policy_known')
    expectRefused(await put({ id: 'a', effectiveFromBlock: 0 }), 409, 'policy_backdated')
    expect((await put({ id: 'a', effectiveFromBlock: 10 })).body).toEqual({
      policy_id: 'a',
      effective_from_block: 10,
    })
  })

  it('no JSON, too much of it, and too many requests', async () => {
    const asked = { method: 'POST', path: '/v1/miners/scripts', body: '{' }
    expectRefused(await scene.client.send(asked), 400, 'request_invalid')
    const long = { ...asked, body: JSON.stringify({ script_b64: 'a'.repeat(1_048_576) }) }
    expectRefused(await scene.client.send(long), 413, 'request_too_large')
    await scene.platform.restart({ casterRequestsPerMinute: 2 })
    scene.connect()
    const answers = [1, 2, 3].map(() => scene.client.weights(scene.judges[0]!))
    const [limited] = (await Promise.all(answers)).filter(({ status }) => status === 429)
    expectRefused(limited!, 429, 'rate_limited')
  })

  it('a batch without a key to sign with; nothing in the past changes by it', async () => {
    await scene.platform.restart({ casterPlatformKeyUri: undefined })
    scene.connect()
    expectRefused(await admin('POST', BATCH, {}), 503, 'platform_key_not_configured')
  })

  it('every code of these is on the page about the platform', () => {
    expect([...seen].filter((code) => !page.includes(`\`${code}\``)).sort()).toEqual([])
  })
})
