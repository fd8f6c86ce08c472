import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { miners, validators } from '../../devnet/players/autoresearch/actors'
import { AutoresearchClient } from '../../devnet/players/autoresearch/client'
import { autoresearchRules as rules } from '../../engine/systems/autoresearch-rules'
import type { Json } from '../../mechanisms/canonical-json'
import { TestPlatform, TOKEN } from './test/test-platform'
import { TEST_COMMIT, testArtifact, testPatch, testTask } from './test/test-task'

const PARETO = {
  ranking_mode: 'pareto',
  secondary_metric_name: 'speedup',
  secondary_metric_direction: 'maximize',
}

describe('what a task says itself', { timeout: 60_000 }, () => {
  let platform: TestPlatform
  let client: AutoresearchClient
  let tasks = 0

  beforeAll(async () => {
    await cryptoWaitReady()
    const validatorsAllowed = validators().map(({ address }) => address)
    platform = await TestPlatform.start({
      rules,
      validators: validatorsAllowed.join(),
      settings: { autoresearchLegacyVerify: true },
    })
    client = new AutoresearchClient(platform.url, () => (platform.nowMs += 1_000))
  })
  afterAll(() => platform.close())

  const attempt = (over: Record<string, unknown> = {}) =>
    client.admin('POST', '/api/v1/tasks', TOKEN, testTask({ slug: `own-${++tasks}`, ...over }) as Json)
  const post = async (over: Record<string, unknown> = {}) => {
    const { status, body } = await attempt(over)
    expect(status, JSON.stringify(body)).toBe(201)
    return body.id as string
  }
  const submit = async (taskId: string, n: number, over: object = {}) => {
    const claim = { claim_description: 'try' }
    const { body } = await client.signed(`/api/v1/tasks/${taskId}/claim`, miners()[n]!, claim)
    const answer = await client.signed('/api/v1/submissions', miners()[n]!, {
      claim_id: body.id,
      base_ref: TEST_COMMIT,
      patch: testPatch(),
      summary: 'x',
      claimed_metrics: { heldout_ppl: 1 },
      ...over,
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return answer.body.id as string
  }
  const verify = async (id: string, validator: number, observed: Record<string, number>) => {
    const answer = await client.signed(`/api/v1/submissions/${id}/verify`, validators()[validator]!, {
      submission_id: id,
      status: 'accepted',
      observed_metrics: observed,
      notes: '',
      replay_log: '',
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  }
  const bestOf = async (taskId: string) => (await client.get(`/api/v1/tasks/${taskId}/best`)).body

  it.each<[string, unknown, unknown]>([
    ['slug', 'x'.repeat(3), 'xx'],
    ['slug', 'x'.repeat(120), 'x'.repeat(121)],
    ['title', 'abc', 'ab'],
    ['title', 'x'.repeat(255), 'x'.repeat(256)],
    ['brief', 'x'.repeat(20_000), 'x'.repeat(20_001)],
    ['onboard_md', 'x'.repeat(40_000), 'x'.repeat(40_001)],
    ['allowed_patch_paths', ['a'], []],
    ['allowed_patch_paths', Array(64).fill('a'), Array(65).fill('a')],
    ['allowed_patch_paths', ['a'], ['']],
    ['min_peer_evaluations', 1, 0],
    ['min_peer_evaluations', 20, 21],
    ['time_budget_seconds', 1, 0],
    ['time_budget_seconds', 86_400, 86_401],
    ['metric_direction', 'maximize', 'sideways'],
    ['competition_mode', 'centerless', 'anarchic'],
    ['ranking_mode', 'scalar', 'lottery'],
    ['noise_band', null, -1],
  ])('has a limit on %s, itself included', async (field, good, bad) => {
    expect((await attempt({ [field]: good })).status).toBe(201)
    const { status, body } = await attempt({ [field]: bad })
    expect([status, body.detail]).toEqual([422, 'request_invalid'])
    expect(body.facts.faults[0].at).toMatch(new RegExp(`^body/${field}`))
  })

  it('has the defaults of the specification', async () => {
    const { competition_mode: _, ...task } = testTask({ slug: 'defaults' })
    const { body } = await client.admin('POST', '/api/v1/tasks', TOKEN, task as Json)
    expect(body).toMatchObject({
      task_state: 'live',
      is_active: true,
      competition_mode: 'centerless',
      ranking_mode: 'scalar',
      min_peer_evaluations: 2,
      time_budget_seconds: 3_600,
      max_patch_bytes: 262_144,
    })
  })

  it('names its main files to miners: the surfaces that are no patterns', async () => {
    const taskId = await post({
      allowed_patch_paths: ['src/*', 'train.py', 'quant/[ab].py', 'conf/run.toml'],
    })
    const { body } = await client.get(`/api/v1/tasks/${taskId}/onboard.md`)
    expect(body).toContain('## Main files\n\n- `train.py`\n- `conf/run.toml`\n')
    for (const section of ['Competition', 'Model contract', 'Source', 'Allowed edit surfaces', 'Patch limit'])
      expect(body).toContain(`## ${section}\n`)
  })

  it('decides by a noise band of its own, whose version stands in the verdict and the best result', async () => {
    const taskId = await post({ noise_unit: 'absolute', noise_band: 1 })
    const first = await submit(taskId, 0, testArtifact(900))
    const inside = await submit(taskId, 1, testArtifact(1_000))
    const beyond = await submit(taskId, 2, testArtifact(1_000))
    await verify(first, 0, { heldout_ppl: 8 })
    await verify(inside, 0, { heldout_ppl: 7.5 })
    expect(await bestOf(taskId)).toMatchObject({
      best_submission_id: first,
      comparator: { version: 'ln-band/1:absolute:1', noise_unit: 'absolute', noise_band: 1 },
    })
    const lost = await client.get(`/api/v1/submissions/${inside}/detail`)
    expect(lost.body.explanation).toMatchObject({ missingToday: 0.5, comparison: { delta: 0.5 } })
    await verify(beyond, 0, { heldout_ppl: 6.9 })
    expect(await bestOf(taskId)).toMatchObject({
      best_submission_id: beyond,
      comparator_version: 'ln-band/1:absolute:1',
    })
    const edit = testTask({ slug: `own-${tasks}`, noise_unit: 'absolute', noise_band: 2 }) as Json
    expect((await client.admin('PUT', `/api/v1/tasks/${taskId}`, TOKEN, edit)).body.detail).toBe(
      'task_in_use',
    )
    expect((await attempt({ noise_band: 1 })).body.detail).toBe('task_invalid')
  })

  it('inside the band takes the better second metric of a Pareto task for the best', async () => {
    const taskId = await post(PARETO)
    const [slow, fast] = [await submit(taskId, 0), await submit(taskId, 1)]
    await verify(slow, 0, { heldout_ppl: 8, speedup: 1 })
    await verify(fast, 0, { heldout_ppl: 8.1, speedup: 2 })
    expect(await bestOf(taskId)).toMatchObject({
      best_submission_id: fast,
      secondary_value: 2,
      frontier: [slow, fast],
    })
  })

  it('takes both metrics from its peers, and the median of each', async () => {
    const taskId = await post({ ...PARETO, competition_mode: 'peer_evaluation', min_peer_evaluations: 3 })
    const id = await submit(taskId, 0)
    const vote = (n: number, observed: Record<string, number>, status = 'accepted') =>
      client.signed(`/api/v1/submissions/${id}/peer-evaluate`, miners()[n]!, {
        status,
        observed_metrics: observed,
        notes: '',
      })
    expect(await vote(1, { heldout_ppl: 8 })).toMatchObject({
      status: 422,
      body: { detail: 'metric_missing', facts: { metric: 'speedup' } },
    })
    await vote(1, { heldout_ppl: 8, speedup: 5 })
    await vote(4, { speedup: 99 }, 'rejected')
    await vote(2, { heldout_ppl: 7, speedup: 3 })
    const last = await vote(3, { heldout_ppl: 9, speedup: 4 })
    expect(last.body.submission_status).toBe('accepted')
    expect((await client.get(`/api/v1/submissions/${id}`)).body).toMatchObject({
      observed_metric: 8,
      observed_secondary_metric: 4,
    })
  })

  it('the best result that a reversal brings back was accepted when it was accepted', async () => {
    const taskId = await post()
    const [first, second] = [await submit(taskId, 0), await submit(taskId, 1)]
    await verify(first, 0, { heldout_ppl: 8 })
    const { accepted_at: acceptedAt } = await bestOf(taskId)
    platform.nowMs += 3_600_000
    await verify(second, 0, { heldout_ppl: 7 })
    await client.admin('POST', `/api/v1/submissions/${second}/reverse`, TOKEN, { reason: 'leaked rows' })
    expect(await bestOf(taskId)).toMatchObject({
      best_submission_id: first,
      accepted_at: acceptedAt,
      previous_best_submission_id: second,
    })
  })

  it('hands out no frozen specification whose private values somebody changed', async () => {
    const taskId = await post({ validator_benchmark_env: { SLOT: 'a' } })
    await submit(taskId, 0)
    const { env } = platform.state.tasks.get(taskId)!
    await platform.pool.query(`update autoresearch_private_env set env = '{"SLOT": "b"}' where sha256 = $1`, [
      env.sha256,
    ])
    const body = { task_id: taskId }
    const answer = await client.signed('/api/v1/validator/submissions/scan', validators()[1]!, body)
    expect(answer.status).toBe(500)
    expect(JSON.stringify(answer.body)).toContain('SL-REPLAY-SPEC-DIFFERS')
    expect(JSON.stringify(answer.body)).not.toContain('replay_spec"')
  })

  it('under the older rule takes the median of the second metric too', async () => {
    const { body } = await client.get('/api/v1/policy')
    const policy = { ...body.policy, id: 'median/2', effectiveFromBlock: 10, standardRule: 'median' }
    expect((await client.admin('PUT', '/api/v1/policy', TOKEN, { policy })).status).toBe(200)
    const id = await submit(await post(PARETO), 0)
    for (const [n, speedup] of [9, 1, 2].entries()) await verify(id, n, { heldout_ppl: 8 + n, speedup })
    expect((await client.get(`/api/v1/submissions/${id}`)).body).toMatchObject({
      status: 'accepted',
      observed_metric: 9,
      observed_secondary_metric: 2,
    })
  })
})
