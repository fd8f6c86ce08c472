import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { miners, validators } from '../../devnet/players/autoresearch/actors'
import { AutoresearchClient } from '../../devnet/players/autoresearch/client'
import { autoresearchRules as rules } from '../../engine/systems/autoresearch-rules'
import type { Json } from '../../mechanisms/canonical-json'
import { TestPlatform, TOKEN } from './test/test-platform'
import { TEST_COMMIT, testPatch, testTask } from './test/test-task'

describe('rules that are data', { timeout: 60_000 }, () => {
  let platform: TestPlatform
  let client: AutoresearchClient
  let tasks = 0

  beforeAll(async () => {
    await cryptoWaitReady()
    platform = await TestPlatform.start({
      rules,
      validators: validators()
        .map(({ address }) => address)
        .join(),
      settings: { autoresearchLegacyVerify: true },
    })
    client = new AutoresearchClient(platform.url, () => {
      platform.nowMs += 1_000
      return platform.nowMs
    })
  })
  afterAll(() => platform.close())

  const post = async (over: Record<string, unknown> = {}) => {
    const task = testTask({ slug: `policy-task-${++tasks}`, ...over }) as Json
    return (await client.admin('POST', '/api/v1/tasks', TOKEN, task)).body.id as string
  }
  const submit = async (taskId: string, n: number) => {
    const claim = { claim_description: 'try' }
    const { body } = await client.signed(`/api/v1/tasks/${taskId}/claim`, miners()[n]!, claim)
    const answer = await client.signed('/api/v1/submissions', miners()[n]!, {
      claim_id: body.id,
      base_ref: TEST_COMMIT,
      patch: testPatch(),
      summary: 'x',
      claimed_metrics: { heldout_ppl: 1, speedup: 99 },
    })
    return answer.body.id as string
  }
  /** In the older form, which needs no scan. */
  const verify = (id: string, validator: number, observed: Record<string, number>, status = 'accepted') =>
    client.signed(`/api/v1/submissions/${id}/verify`, validators()[validator]!, {
      submission_id: id,
      status,
      observed_metrics: observed,
      notes: '',
      replay_log: '',
    })

  it('results that nobody beats in both metrics form the frontier, a tie keeps the earlier', async () => {
    const taskId = await post({
      ranking_mode: 'pareto',
      secondary_metric_name: 'speedup',
      secondary_metric_direction: 'maximize',
    })
    const ids = [
      await submit(taskId, 0),
      await submit(taskId, 1),
      await submit(taskId, 2),
      await submit(taskId, 3),
    ]
    const missing = await verify(ids[0]!, 0, { heldout_ppl: 8 })
    expect(missing.body).toMatchObject({ detail: 'metric_missing', facts: { metric: 'speedup' } })
    await verify(ids[0]!, 0, { heldout_ppl: 8, speedup: 1 })
    await verify(ids[1]!, 0, { heldout_ppl: 9, speedup: 2 })
    await verify(ids[2]!, 0, { heldout_ppl: 9, speedup: 2 })
    await verify(ids[3]!, 0, { heldout_ppl: 9.5, speedup: 1.5 })
    const { body } = await client.get(`/api/v1/tasks/${taskId}/best`)
    expect(body.frontier).toEqual([ids[0], ids[1]])
    const lost = await client.get(`/api/v1/submissions/${ids[3]}/detail`)
    expect(lost.body.explanation.coveredBy).toEqual([ids[1]])
  })

  it('a rejected replay decides too, with its reason', async () => {
    const id = await submit(await post(), 0)
    const answer = await verify(id, 0, {}, 'rejected')
    expect(answer.body).toMatchObject({ submission_status: 'rejected' })
    expect((await verify(id, 0, { heldout_ppl: 1 })).body.detail).toBe('already_verified')
    await verify(id, 1, { heldout_ppl: 1 })
    expect((await client.get(`/api/v1/submissions/${id}`)).body.status).toBe('rejected')
  })

  it('errors decide nothing until there are three of them', async () => {
    const id = await submit(await post(), 0)
    for (const [n, status] of ['pending_verification', 'pending_verification', 'error'].entries())
      expect((await verify(id, n, {}, 'error')).body.submission_status).toBe(status)
  })

  it('a policy is checked, never backdated, and holds from its block on: the median over validators', async () => {
    const put = (policy: object) => client.admin('PUT', '/api/v1/policy', TOKEN, { policy: policy as Json })
    const { body } = await client.get('/api/v1/policy')
    expect(body).toMatchObject({
      is_default: true,
      policy: { standardRule: 'first_result', clockSkewSeconds: 300 },
    })
    const median = { ...body.policy, id: 'median/1', effectiveFromBlock: 10, standardRule: 'median' }
    expect((await put({ ...median, surprise: 1 })).body.detail).toBe('policy_invalid')
    expect((await put({ ...median, effectiveFromBlock: 9 })).body.detail).toBe('policy_backdated')
    expect((await put(median)).status).toBe(200)
    expect((await put(median)).body.detail).toBe('policy_known')
    const id = await submit(await post(), 0)
    for (const [n, metric] of [8, 6, 7].entries()) await verify(id, n, { heldout_ppl: metric })
    const shown = await client.get(`/api/v1/submissions/${id}`)
    expect(shown.body).toMatchObject({ status: 'accepted', observed_metric: 7 })
  })
})
