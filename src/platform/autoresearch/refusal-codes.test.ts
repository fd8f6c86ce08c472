import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../config/config'
import { miners, validators } from '../../devnet/players/autoresearch/actors'
import {
  type Answered,
  AutoresearchClient,
  type HotkeySigner,
} from '../../devnet/players/autoresearch/client'
import { autoresearchRules as rules } from '../../engine/systems/autoresearch-rules'
import type { Json } from '../../mechanisms/canonical-json'
import { gatesOf } from './auth/gates'
import { TestPlatform, TOKEN } from './test/test-platform'
import { TEST_COMMIT, testArtifact, testPatch, testTask } from './test/test-task'
import { type SubmissionInput, submit as submitCommand } from './work/decide-submission'

const NOWHERE = '00000000-0000-0000-0000-000000000000'
const RESULT = { status: 'accepted', observed_metrics: { heldout_ppl: 8 }, notes: '', replay_log: '' }

/** Every refusal has a status and a code of its own that clients may rely on. */
describe('a refusal', { timeout: 60_000 }, () => {
  let platform: TestPlatform
  let client: AutoresearchClient
  let one: HotkeySigner
  let two: HotkeySigner
  let judges: HotkeySigner[]
  let tasks = 0

  beforeAll(async () => {
    await cryptoWaitReady()
    ;[one, two] = miners() as [HotkeySigner, HotkeySigner]
    judges = validators()
    platform = await TestPlatform.start({
      rules,
      validators: judges.map(({ address }) => address).join(),
      settings: { autoresearchLegacyVerify: true },
    })
    client = new AutoresearchClient(platform.url, () => {
      platform.nowMs += 1_000
      return platform.nowMs
    })
  })
  afterAll(() => platform.close())

  const post = async (over: object = {}) => {
    const body = testTask({ slug: `refusal-${++tasks}`, ...over }) as Json
    return (await client.admin('POST', '/api/v1/tasks', TOKEN, body)).body.id as string
  }
  const claim = (taskId: string, over: object = {}, by = one) =>
    client.signed(`/api/v1/tasks/${taskId}/claim`, by, { claim_description: 'try', ...over })
  const submit = async (taskId: string, over: object = {}, by = one) => {
    const { body } = await claim(taskId, {}, by)
    const sent = {
      claim_id: body.id,
      base_ref: TEST_COMMIT,
      patch: testPatch(),
      summary: 'x',
      claimed_metrics: { heldout_ppl: 8 },
      ...over,
    }
    return client.signed('/api/v1/submissions', by, sent as Json)
  }
  const is = (answer: Answered, status: number, detail: string) =>
    expect(answer).toMatchObject({ status, body: { detail, message: expect.any(String) } })

  it('of what is not there is 404, with what was looked for', async () => {
    const admin = (method: string, path: string, body?: Json) => client.admin(method, path, TOKEN, body)
    const vote = { status: 'rejected', observed_metrics: {}, notes: '' }
    const result = { submission_id: NOWHERE, ...RESULT }
    const signed = (path: string, by: HotkeySigner, body?: Json) => client.signed(`/api/v1${path}`, by, body)
    const cases: [Promise<Answered>, string][] = [
      [client.get(`/api/v1/tasks/${NOWHERE}`), 'task_not_found'],
      [client.get(`/api/v1/tasks/${NOWHERE}/onboard.md`), 'task_not_found'],
      [client.get(`/api/v1/tasks/${NOWHERE}/best`), 'task_not_found'],
      [admin('PUT', `/api/v1/tasks/${NOWHERE}`, testTask() as Json), 'task_not_found'],
      [admin('POST', `/api/v1/tasks/${NOWHERE}/pause`), 'task_not_found'],
      [claim(NOWHERE), 'task_not_found'],
      [signed(`/work-items/${NOWHERE}/claim`, one), 'task_not_found'],
      [signed(`/claims/${NOWHERE}/cancel`, one), 'claim_not_found'],
      [submit(NOWHERE, { claim_id: NOWHERE }), 'claim_not_found'],
      [client.get(`/api/v1/submissions/${NOWHERE}`), 'submission_not_found'],
      [client.get(`/api/v1/submissions/${NOWHERE}/detail`), 'submission_not_found'],
      [client.get(`/api/v1/submissions/${NOWHERE}/execution.log`), 'log_not_found'],
      [client.get(`/api/v1/submissions/${NOWHERE}/artifact`), 'artifact_not_found'],
      [client.get(`/api/v1/submissions/${NOWHERE}/peer-consensus`), 'submission_not_found'],
      [admin('POST', `/api/v1/submissions/${NOWHERE}/reverse`, { reason: 'why' }), 'submission_not_found'],
      [signed(`/submissions/${NOWHERE}/peer-evaluate`, one, vote), 'submission_not_found'],
      [signed(`/submissions/${NOWHERE}/verify`, judges[0]!, result), 'submission_not_found'],
      [signed(`/validator/jobs/${NOWHERE}/result`, judges[0]!, result), 'job_not_found'],
      [client.get(`/claims/recipient/${one.address}`), 'recipient_not_set'],
    ]
    for (const [answer, detail] of cases) is(await answer, 404, detail)
  })

  it('of a claim or submission that names work elsewhere', async () => {
    const [taskId, other] = [await post(), await post()]
    const { body } = await submit(other)
    is(await claim(taskId, { base_submission_id: body.id }), 422, 'base_submission_unknown')
    is(await submit(taskId, { implemented_submission_id: body.id }), 422, 'implemented_submission_unknown')
    const centerless = await post({ competition_mode: 'centerless' })
    const first = await submit(centerless, { proposed_idea: 'an idea' })
    const of = (parent: string) => ({ proposed_idea: 'mine', implemented_submission_id: parent })
    is(await submit(centerless, of(first.body.id), two), 422, 'implemented_submission_not_accepted')
    is(await submit(centerless, of(body.id), two), 422, 'implemented_submission_unknown')
    expect((await claim(other, { base_submission_id: body.id })).body.base_submission_id).toBe(body.id)
  })

  it('of a submission without the artifact that its task wants', async () => {
    const taskId = await post({ requires_artifact: true })
    is(await submit(taskId), 422, 'artifact_required')
    expect((await submit(taskId, { patch: '', ...testArtifact() })).status).toBe(201)
  })

  it('of a submission whose task was edited while it came in', async () => {
    const taskId = await post()
    const { body } = await claim(taskId)
    const { account, hotkey } = platform.state.claims.get(body.id)!
    const signer = { account, hotkey, requestHash: 'ab'.repeat(32) }
    const input: SubmissionInput = {
      signer,
      isRegistered: true,
      submissionId: NOWHERE,
      claimId: body.id,
      baseRef: TEST_COMMIT,
      patch: testPatch(),
      patchContent: null,
      artifact: null,
      executionLog: null,
      summary: 'x',
      claimedMetrics: { heldout_ppl: 8 },
      idea: null,
      parent: null,
      // Private values as they were read before the edit.
      env: { sha256: 'cd'.repeat(32), values: {} },
      blobs: [],
    }
    const gates = gatesOf(readConfig({}, {}))
    const moment = { timeMs: platform.nowMs, height: 10 } as never
    const { reply, events } = submitCommand(input, rules, gates)(platform.state, moment)
    is(reply as Answered, 409, 'task_changed')
    expect(events.map(({ type }) => type)).toEqual(['CommandRefused'])
  })

  it('of judges and peers at the wrong kind of task, and of jobs that are another’s', async () => {
    const { replay_log: _, ...peerVote } = RESULT
    const standard = await submit(await post())
    const path = `/api/v1/submissions/${standard.body.id}`
    is(await client.signed(`${path}/peer-evaluate`, two, peerVote), 409, 'not_peer_evaluation')
    const byPeers = await submit(await post({ competition_mode: 'peer_evaluation', min_peer_evaluations: 1 }))
    const verify = `/api/v1/submissions/${byPeers.body.id}/verify`
    const result = { submission_id: byPeers.body.id, ...RESULT }
    is(await client.signed(verify, judges[0]!, result), 409, 'peer_evaluation_task')
    const rejecting = { status: 'rejected', observed_metrics: {}, notes: 'does not run' }
    await client.signed(`/api/v1/submissions/${byPeers.body.id}/peer-evaluate`, two, rejecting)
    expect((await client.get(`/api/v1/submissions/${byPeers.body.id}`)).body).toMatchObject({
      status: 'rejected',
      reason_code: 'peers_rejected',
    })
    const scan = await client.signed('/api/v1/validator/jobs/claim', judges[0]!, {})
    const job = `/api/v1/validator/jobs/${scan.body.job.job_id}/result`
    const own = { submission_id: scan.body.job.submission.id, ...RESULT }
    is(await client.signed(job, judges[1]!, own), 403, 'job_not_owner')
  })

  it('of an edited slug, a reversal of what was not accepted, and amounts for nobody', async () => {
    const taskId = await post()
    const renamed = testTask({ slug: 'another-name' }) as Json
    is(await client.admin('PUT', `/api/v1/tasks/${taskId}`, TOKEN, renamed), 409, 'slug_fixed')
    const { body } = await submit(taskId)
    const reverse = `/api/v1/submissions/${body.id}/reverse`
    is(await client.admin('POST', reverse, TOKEN, { reason: 'why' }), 409, 'not_accepted')
    for (const hotkeys of [['5'.repeat(48)], [one.address, one.address]]) {
      const earned = hotkeys.map((hotkey) => ({ hotkey, amount_units: '1' }))
      const built = await client.admin('POST', '/claims/admin/epochs', TOKEN, { budget_units: '9', earned })
      is(built, 422, 'earned_invalid')
    }
  })

  it('of a body that is no JSON, too large, or of unknown fields changes nothing', async () => {
    const before = (await platform.events()).length
    const path = '/api/v1/tasks'
    const send = (body: string) =>
      fetch(platform.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-admin-token': TOKEN },
        body,
      })
    expect((await send('{')).status).toBe(400)
    expect((await send(JSON.stringify({ brief: 'x'.repeat(2_000_000) }))).status).toBe(413)
    is(await client.admin('POST', path, TOKEN, { ...testTask(), amount: 1 } as Json), 422, 'request_invalid')
    expect((await platform.events()).length).toBe(before)
  })

  it('of nothing: a claim tells that there is no guarantee of a reward', async () => {
    expect((await claim(await post())).body).toMatchObject({
      status: 'active',
      remaining_seconds: 45 * 60,
      participation_disclaimer: { code: 'no_reward_guarantee', version: 1 },
    })
  })
})
