import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { miners, validators } from '../../devnet/players/autoresearch/actors'
import { AutoresearchClient, type HotkeySigner } from '../../devnet/players/autoresearch/client'
import { autoresearchRules as rules } from '../../engine/systems/autoresearch-rules'
import type { Json } from '../../mechanisms/canonical-json'
import { type TestFacts, TestPlatform, TOKEN } from './test/test-platform'
import { TEST_COMMIT, testArtifact, testPatch, testTask } from './test/test-task'

const MINUTE_MS = 60_000

describe('what is refused, and why', { timeout: 60_000 }, () => {
  let platform: TestPlatform
  let client: AutoresearchClient
  let one: HotkeySigner
  let two: HotkeySigner
  let judge: HotkeySigner
  let tasks = 0

  beforeAll(async () => {
    await cryptoWaitReady()
    ;[one, two] = miners() as [HotkeySigner, HotkeySigner]
    judge = validators()[0]!
    platform = await TestPlatform.start({ rules, validators: judge.address })
  })
  beforeEach(() => {
    client = new AutoresearchClient(platform.url, () => {
      platform.nowMs += 1_000
      return platform.nowMs
    })
  })
  afterAll(() => platform.close())

  const post = async (over: Record<string, unknown> = {}) => {
    const body = testTask({ slug: `task-${++tasks}`, ...over }) as Json
    const answer = await client.admin('POST', '/api/v1/tasks', TOKEN, body)
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return answer.body.id as string
  }
  const claim = async (taskId: string, by = one) =>
    (await client.signed(`/api/v1/tasks/${taskId}/claim`, by, { claim_description: 'try' })).body.id as string
  const submission = (claimId: string, over: object = {}) =>
    ({
      claim_id: claimId,
      base_ref: TEST_COMMIT,
      patch: testPatch(),
      summary: 'better',
      claimed_metrics: { heldout_ppl: 8 },
      ...over,
    }) as Json
  const submit = (claimId: string, by = one, over: object = {}) =>
    client.signed('/api/v1/submissions', by, submission(claimId, over))

  it.each([
    ['another task with its slug', { slug: 'task-1' }, 409, 'slug_taken'],
    ['a pareto task without a second metric', { ranking_mode: 'pareto' }, 422, 'task_invalid'],
    ['a result outside the repository', { result_path: '../x.json' }, 422, 'task_invalid'],
    ['no allowed path', { allowed_patch_paths: [] }, 422, 'request_invalid'],
    ['65 allowed paths', { allowed_patch_paths: Array(65).fill('a') }, 422, 'request_invalid'],
    ['a slug of two characters', { slug: 'ab' }, 422, 'request_invalid'],
    ['a brief of 20 001 characters', { brief: 'x'.repeat(20_001) }, 422, 'request_invalid'],
    ['a budget of more than a day', { time_budget_seconds: 86_401 }, 422, 'request_invalid'],
    ['21 peers', { min_peer_evaluations: 21 }, 422, 'request_invalid'],
    ['an unknown field', { surprise: 1 }, 422, 'request_invalid'],
  ])('a task with %s', async (_, over, status, detail) => {
    if (tasks === 0) await post()
    const body = testTask({ slug: 'another', ...over }) as Json
    expect(await client.admin('POST', '/api/v1/tasks', TOKEN, body)).toMatchObject({
      status,
      body: { detail },
    })
  })

  it('an operator without the token', async () => {
    const answer = await client.admin('POST', '/api/v1/tasks', 'guess', testTask() as Json)
    expect(answer).toMatchObject({ status: 401, body: { detail: 'admin_token_invalid' } })
  })

  describe('signatures', () => {
    const asked = (taskId: string) => ({
      method: 'POST',
      path: `/api/v1/tasks/${taskId}/claim`,
      body: { claim_description: 'try' },
    })

    it.each([
      ['missing headers', {}, 'signature_headers_missing'],
      ['no SS58 address', { 'x-hotkey': 'nobody' }, 'hotkey_invalid'],
      ['a time in words', { 'x-timestamp': 'now' }, 'timestamp_invalid'],
      ['another signature', { 'x-signature': 'ab'.repeat(64) }, 'signature_invalid'],
    ])('with %s', async (_, over, detail) => {
      const request = asked(await post())
      const headers = Object.keys(over).length === 0 ? {} : { ...client.headersOf(request, one), ...over }
      expect(await client.send({ ...request, headers })).toMatchObject({ status: 401, body: { detail } })
    })

    it('of another body, path, query or hotkey', async () => {
      const request = asked(await post())
      const headers = client.headersOf(request, one)
      const wrong = [
        { ...request, headers, body: { claim_description: 'other' } },
        { ...request, headers, path: `${request.path}?x=1` },
        { ...request, headers: { ...headers, 'x-hotkey': two.address } },
        { ...request, headers, path: `/api/v1/tasks/${await post()}/claim` },
      ]
      for (const one_ of wrong) expect((await client.send(one_)).body.detail).toBe('signature_invalid')
    })

    it('301 seconds old, or in the future; 299 pass', async () => {
      const request = asked(await post())
      const now = Math.floor(platform.nowMs / 1_000)
      const at = (second: number) =>
        client.send({ ...request, headers: client.headersOf(request, one, second) })
      expect((await at(now - 301)).body).toMatchObject({
        detail: 'timestamp_skew',
        facts: { window_seconds: 300 },
      })
      expect((await at(now + 301)).body.detail).toBe('timestamp_skew')
      expect((await at(now - 299)).status).toBe(201)
    })

    it('used a second time, also after a restart', async () => {
      const request = asked(await post())
      const headers = client.headersOf(request, one)
      expect((await client.send({ ...request, headers })).status).toBe(201)
      expect((await client.send({ ...request, headers })).body.detail).toBe('signature_replayed')
      await platform.restart()
      client = new AutoresearchClient(platform.url, () => platform.nowMs)
      expect((await client.send({ ...request, headers })).body.detail).toBe('signature_replayed')
    })

    it('sent twenty times at once count once', async () => {
      const request = asked(await post())
      const headers = client.headersOf(request, one)
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => client.send({ ...request, headers })),
      )
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    })
  })

  it('a miner without a uid, or without the stake that the operator has seen', async () => {
    const taskId = await post()
    const facts = platform.facts as TestFacts
    const account = platform.state.claims.values().next().value!.account
    facts.strangers.add(account)
    const body = { claim_description: 'try' }
    const path = `/api/v1/tasks/${taskId}/claim`
    expect((await client.signed(path, one, body)).body.detail).toBe('hotkey_not_registered')
    facts.strangers.clear()
    await platform.restart({ autoresearchMinerMinStakeRao: 1_000 })
    client = new AutoresearchClient(platform.url, () => (platform.nowMs += 1_000))
    expect((await client.signed(path, one, body)).body).toMatchObject({
      detail: 'insufficient_miner_stake',
      facts: { required_rao: '1000', observed_rao: null },
    })
    const stake = { hotkey: one.address, stake_rao: '1000', at_height: 5 }
    expect((await client.admin('POST', '/api/v1/miner-stakes', TOKEN, stake)).status).toBe(200)
    expect((await client.signed(path, one, body)).status).toBe(201)
    await platform.restart()
  })

  it('a claim on a paused, closed or unknown task', async () => {
    const taskId = await post()
    const path = `/api/v1/tasks/${taskId}/claim`
    const body = { claim_description: 'try' }
    const act = (what: string) => client.admin('POST', `/api/v1/tasks/${taskId}/${what}`, TOKEN)
    await act('pause')
    expect((await client.signed(path, one, body)).body.detail).toBe('task_paused')
    await act('resume')
    expect((await client.signed(path, one, body)).status).toBe(201)
    await act('close')
    expect((await client.signed(path, one, body)).body.detail).toBe('task_closed')
    expect((await act('resume')).body.detail).toBe('task_closed')
    const nowhere = `/api/v1/tasks/${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}/claim`
    expect(await client.signed(nowhere, one, body)).toMatchObject({ status: 404 })
  })

  it('a sixth open claim on one task', async () => {
    const taskId = await post()
    for (let n = 0; n < 5; n++) expect(await claim(taskId)).toBeDefined()
    const sixth = await client.signed(`/api/v1/tasks/${taskId}/claim`, one, { claim_description: 'try' })
    expect(sixth).toMatchObject({ status: 409, body: { detail: 'too_many_open_claims' } })
  })

  it('a submission on a claim that is another’s, cancelled, used or 45 minutes old', async () => {
    const taskId = await post()
    const id = await claim(taskId)
    expect((await submit(id, two)).body.detail).toBe('claim_not_owner')
    expect((await client.signed(`/api/v1/claims/${id}/cancel`, two)).body.detail).toBe('claim_not_owner')
    expect((await client.signed(`/api/v1/claims/${id}/cancel`, one)).status).toBe(200)
    expect((await submit(id)).body.detail).toBe('claim_cancelled')
    const used = await claim(taskId)
    expect((await submit(used)).status).toBe(201)
    expect((await submit(used)).body.detail).toBe('claim_already_submitted')
    const old = await claim(taskId)
    platform.nowMs += 45 * MINUTE_MS
    expect((await submit(old)).body.detail).toBe('claim_expired')
    const shown = (await client.get(`/api/v1/claims?task_id=${taskId}`)).body.claims[0]
    expect(shown).toMatchObject({ id: old, status: 'expired', remaining_seconds: 0 })
  })

  it.each([
    ['nothing in it', { patch: '' }, 'empty_submission'],
    ['no claimed metric', { claimed_metrics: { other: 1 } }, 'claimed_metric_missing'],
    [
      'a path outside the surface',
      { patch: testPatch().replaceAll('src/', 'lib/') },
      'disallowed_patch_paths',
    ],
    [
      'a path that climbs out',
      { patch: testPatch().replaceAll('src/', 'src/../') },
      'disallowed_patch_paths',
    ],
    ['a Python cache', { patch: testPatch().replaceAll('.py', '.pyc') }, 'generated_python_cache_paths'],
    ['no file header', { patch: 'hello' }, 'unparseable_patch_surface'],
    ['more bytes than allowed', { patch: testPatch('x'.repeat(262_144)) }, 'patch_too_large'],
    ['half an artifact', { artifact_uri: testArtifact().artifact_uri }, 'artifact_incomplete'],
    [
      'an artifact that is not https',
      { ...testArtifact(), artifact_uri: 'http://x.example/a' },
      'request_invalid',
    ],
    ['an upper-case hash', { ...testArtifact(), artifact_sha256: 'AB'.repeat(32) }, 'request_invalid'],
  ])('a submission with %s', async (_, over, detail) => {
    const answer = await submit(await claim(await post()), one, over)
    expect(answer).toMatchObject({ status: 422, body: { detail } })
  })

  it('a centerless submission whose idea fields are not right', async () => {
    const taskId = await post({ competition_mode: 'centerless' })
    expect((await submit(await claim(taskId))).body.detail).toBe('proposed_idea_required')
    const first = await submit(await claim(taskId), one, { proposed_idea: 'cluster the scales' })
    expect(first.status).toBe(201)
    const [job] = (await client.signed('/api/v1/validator/submissions/scan', judge, { task_id: taskId })).body
      .jobs
    await client.signed(`/api/v1/validator/jobs/${job.job_id}/result`, judge, {
      submission_id: first.body.id,
      status: 'accepted',
      observed_metrics: { heldout_ppl: 8 },
      notes: '',
      replay_log: '',
    })
    const idea = { proposed_idea: 'mine' }
    expect((await submit(await claim(taskId, two), two, idea)).body.detail).toBe(
      'implemented_submission_required',
    )
    const own = { ...idea, implemented_submission_id: first.body.id }
    expect((await submit(await claim(taskId), one, own)).body.detail).toBe('implemented_own_submission')
    expect((await submit(await claim(taskId, two), two, own)).status).toBe(201)
  })

  it('validators that nobody allowed, and jobs that are not theirs', async () => {
    const taskId = await post()
    const sent = await submit(await claim(taskId))
    const scan = '/api/v1/validator/submissions/scan'
    expect(await client.signed(scan, two, {})).toMatchObject({
      status: 403,
      body: { detail: 'validator_not_allowlisted' },
    })
    const { body } = await client.signed(scan, judge, { task_id: taskId })
    const path = `/api/v1/validator/jobs/${body.jobs[0].job_id}/result`
    const result = {
      submission_id: sent.body.id,
      status: 'accepted',
      observed_metrics: {},
      notes: '',
      replay_log: '',
    }
    expect((await client.signed(path, judge, result)).body.detail).toBe('metric_missing')
    const elsewhere = { ...result, submission_id: `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}` }
    expect((await client.signed(path, judge, elsewhere)).body.detail).toBe('submission_mismatch')
    const stale = { ...result, spec_hash: 'ab'.repeat(32) }
    expect((await client.signed(path, judge, stale)).body.detail).toBe('spec_hash_mismatch')
    const verify = `/api/v1/submissions/${sent.body.id}/verify`
    expect((await client.signed(verify, judge, result)).body.detail).toBe('legacy_verify_disabled')
    await platform.restart({ autoresearchValidators: '' })
    client = new AutoresearchClient(platform.url, () => (platform.nowMs += 1_000))
    expect(await client.signed(scan, judge, {})).toMatchObject({
      status: 503,
      body: { detail: 'validator_allowlist_not_configured' },
    })
    await platform.restart()
  })

  it('peers that evaluate their own work, twice, too late, or what is not theirs to judge', async () => {
    const taskId = await post({ competition_mode: 'peer_evaluation', min_peer_evaluations: 1 })
    const sent = await submit(await claim(taskId))
    const path = `/api/v1/submissions/${sent.body.id}/peer-evaluate`
    const vote = { status: 'accepted', observed_metrics: { heldout_ppl: 8 }, notes: '' }
    expect((await client.signed(path, one, vote)).body.detail).toBe('own_submission')
    expect((await client.signed(path, two, { ...vote, observed_metrics: {} })).body.detail).toBe(
      'metric_missing',
    )
    expect((await client.signed(path, two, { ...vote, status: 'error' })).status).toBe(201)
    expect((await client.signed(path, two, vote)).body.detail).toBe('already_evaluated')
    const three = miners()[2]!
    expect((await client.signed(path, three, vote)).body.submission_status).toBe('accepted')
    expect((await client.signed(path, miners()[3]!, vote)).body.detail).toBe('already_final')
    const { body } = await client.signed('/api/v1/validator/submissions/scan', judge, { task_id: taskId })
    expect(body.jobs).toEqual([])
  })

  it('claim epochs that break a rule, and proofs that are not of the leaf', async () => {
    const admin = (path: string, body: Json) => client.admin('POST', `/claims/admin/${path}`, TOKEN, body)
    const earned = [{ hotkey: one.address, amount_units: '100' }]
    const build = (over: object = {}) => admin('epochs', { budget_units: '1000000', earned, ...over } as Json)
    expect((await build()).body.detail).toBe('epoch_empty')
    const wallet = `0x${'12'.repeat(20)}`
    expect((await client.setRecipient(one, 'nowhere')).body.detail).toBe('recipient_invalid')
    expect((await client.setRecipient(one, wallet)).status).toBe(200)
    expect((await client.setRecipient(two, wallet)).body.detail).toBe('recipient_taken')
    expect((await build({ budget_units: '99' })).body.detail).toBe('claim_ledger_fault')
    expect((await build({ scheme_id: 'ink' })).body.detail).toBe('scheme_unknown')
    expect((await build({ scheme_id: 'nonsense' })).body.detail).toBe('scheme_unknown')
    const built = await build()
    expect(built.status).toBe(201)
    expect((await build()).body.detail).toBe('epoch_unpublished')
    const declared = { root: built.body.root, total_units: '100', uri: 'x', block: 1 }
    const publish = (over: object) => admin('epochs/1/publish', { ...declared, ...over } as Json)
    // One validator replayed what stands behind it: the gate wants three.
    const gate = await publish({ total_units: '101' })
    expect(gate.body.detail).toBe('publish_gate')
    expect(gate.body.facts.faults.map(({ reason }: { reason: string }) => reason)).toEqual([
      'too_few_accepted',
      'total_differs',
    ])
    const pay = { epoch: 1, hotkey: one.address, proof: [`0x${'00'.repeat(32)}`] }
    expect((await admin('payments', pay)).body.detail).toBe('proof_invalid')
    const early = await admin('payments', { epoch: 1, hotkey: one.address })
    expect(early.body).toMatchObject({ outcome: 'reverted', reason: 'epoch_not_claimable' })
    expect((await client.get(`/claims/epoch/1/proof/${one.address}`)).status).toBe(404)
    expect((await admin('epochs/1/discard', { reason: 'not backed' })).status).toBe(200)
    expect((await admin('epochs/1/discard', { reason: 'again' })).body.detail).toBe('epoch_discarded')
    expect((await build()).body.epoch).toBe(2)
  })

  it('keeps the reason of every refused command in the log', async () => {
    const refused = (await platform.events()).filter(({ type }) => type === 'CommandRefused')
    const codes = new Set(refused.map(({ payload }) => (payload as { code: string }).code))
    for (const code of [
      'task_paused',
      'claim_expired',
      'disallowed_patch_paths',
      'publish_gate',
      'own_submission',
    ])
      expect(codes).toContain(code)
  })
})

describe('the document of the routes', () => {
  it('names every route, and every documented route answers', async () => {
    const platform = await TestPlatform.start({ rules, validators: '' })
    const { paths } = platform.document as { paths: Record<string, Record<string, { summary?: string }>> }
    expect(Object.keys(paths).length).toBeGreaterThan(40)
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { summary }] of Object.entries(methods)) {
        expect(summary, `${method} ${path}`).toBeTruthy()
        const url = path
          .replace('{hotkey}', '5'.repeat(48))
          .replace(
            '{id}',
            path.startsWith('/claims') ? '1' : `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`,
          )
        const response = await fetch(`${platform.url}${url}`, { method: method.toUpperCase() })
        const { error } = (await response
          .text()
          .then((text) => (text.startsWith('{') ? JSON.parse(text) : {}))) as {
          error?: { code?: string }
        }
        expect(error?.code, `${method} ${path}`).not.toBe('SL-API-NO-ROUTE')
        expect(response.status, `${method} ${path}`).toBeLessThan(500)
      }
    }
    await platform.close()
  }, 30_000)
})
