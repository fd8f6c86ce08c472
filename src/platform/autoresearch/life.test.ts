import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { miners, validators } from '../../devnet/players/autoresearch/actors'
import { AutoresearchClient, type HotkeySigner } from '../../devnet/players/autoresearch/client'
import { autoresearchRules as rules } from '../../engine/systems/autoresearch-rules'
import { TestPlatform, TOKEN } from './test/test-platform'
import { TEST_COMMIT, testArtifact, testPatch, testTask } from './test/test-task'

describe('the life of a task over HTTP', { timeout: 60_000 }, () => {
  let platform: TestPlatform
  let client: AutoresearchClient
  let miner: HotkeySigner[]
  let judge: HotkeySigner[]
  let taskId: string
  const submissions: string[] = []

  beforeAll(async () => {
    await cryptoWaitReady()
    miner = miners()
    judge = validators()
    platform = await TestPlatform.start({ rules, validators: judge.map((v) => v.address).join() })
    client = new AutoresearchClient(platform.url, () => platform.nowMs)
  })
  afterAll(() => platform.close())

  const submit = async (by: HotkeySigner, metric: number, over: object = {}) => {
    const claimed = await client.signed(`/api/v1/tasks/${taskId}/claim`, by, { claim_description: 'try it' })
    expect(claimed.status, JSON.stringify(claimed.body)).toBe(201)
    const answer = await client.signed('/api/v1/submissions', by, {
      claim_id: claimed.body.id,
      base_ref: TEST_COMMIT,
      patch: testPatch(),
      summary: 'a better scale',
      claimed_metrics: { heldout_ppl: metric },
      ...over,
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    submissions.push(answer.body.id)
    return answer.body.id as string
  }
  const scan = async (by: HotkeySigner) => {
    const { status, body } = await client.signed('/api/v1/validator/submissions/scan', by, {})
    expect(status, JSON.stringify(body)).toBe(200)
    return body.jobs as { job_id: string; submission: { id: string; patch: string }; replay_spec: object }[]
  }
  const result = (submissionId: string, metric: number) => ({
    submission_id: submissionId,
    status: 'accepted',
    observed_metrics: { heldout_ppl: metric },
    notes: '',
    replay_log: 'ran',
  })

  it('the operator posts a task, and miners read how to begin', async () => {
    const posted = await client.admin('POST', '/api/v1/tasks', TOKEN, testTask())
    expect(posted.status, JSON.stringify(posted.body)).toBe(201)
    taskId = posted.body.id
    expect(JSON.stringify(posted.body)).not.toContain('secret-slot')
    const page = await client.get(`/api/v1/tasks/${taskId}/onboard.md`)
    expect(page.body).toContain('## Allowed edit surfaces\n\n- `src/*`')
    expect(page.body).toContain('262144 bytes')
  })

  it('a miner claims for 45 minutes and hands in a patch with its frozen specification', async () => {
    await submit(miner[0]!, 7.5)
    const { body } = await client.get('/api/v1/claims')
    expect(body.claims[0]).toMatchObject({ status: 'submitted', remaining_seconds: 0 })
    expect(Date.parse(body.claims[0].expires_at) - Date.parse(body.claims[0].created_at)).toBe(45 * 60_000)
  })

  it('validators get the patch, the specification and its private values', async () => {
    const [job] = await scan(judge[0]!)
    expect(job!.submission.patch).toBe(testPatch())
    expect(job!.replay_spec).toMatchObject({
      base_commit_sha: TEST_COMMIT,
      validator_benchmark_env: { HELDOUT_SLOT: 'secret-slot' },
    })
    expect(await scan(judge[0]!)).toHaveLength(1)
  })

  it('the first accepted replay decides, not what was claimed', async () => {
    const [job] = await scan(judge[0]!)
    const answer = await client.signed(
      `/api/v1/validator/jobs/${job!.job_id}/result`,
      judge[0]!,
      result(submissions[0]!, 8),
    )
    expect(answer).toMatchObject({ status: 200, body: { submission_status: 'accepted' } })
    const best = await client.get(`/api/v1/tasks/${taskId}/best`)
    expect(best.body).toMatchObject({ best_submission_id: submissions[0], metric_value: 8 })
  })

  it('the same result again gives the same answer and no event; another one is a conflict that changes nothing', async () => {
    const [job] = (await client.get(`/api/v1/verifications?submission_id=${submissions[0]}`)).body
      .verifications
    const path = `/api/v1/validator/jobs/${job.job_id}/result`
    const before = (await platform.events()).length
    platform.nowMs += 1_000
    const first = await client.signed(path, judge[0]!, result(submissions[0]!, 8))
    platform.nowMs += 1_000
    const again = await client.signed(path, judge[0]!, result(submissions[0]!, 8))
    expect(again).toEqual(first)
    expect((await platform.events()).length).toBe(before)
    const other = await client.signed(path, judge[0]!, result(submissions[0]!, 1))
    expect(other).toMatchObject({ status: 409, body: { detail: 'job_result_conflict' } })
    expect((await platform.events()).slice(before).map(({ type }) => type)).toEqual(['JobResultConflict'])
    expect((await client.get(`/api/v1/submissions/${submissions[0]}`)).body.observed_metric).toBe(8)
  })

  it('inside the noise band the smaller artifact wins, beyond it the better metric', async () => {
    const large = await submit(miner[1]!, 7, testArtifact(900))
    const post = async (id: string, metric: number) => {
      const job = (await scan(judge[1]!)).find(({ submission }) => submission.id === id)!
      await client.signed(`/api/v1/validator/jobs/${job.job_id}/result`, judge[1]!, result(id, metric))
    }
    await post(large, 7.9)
    const inside = await client.get(`/api/v1/submissions/${large}/detail`)
    expect(inside.body.explanation).toMatchObject({ isBest: false, comparison: { cause: 'no_tie_break' } })
    const better = await submit(miner[2]!, 7, testArtifact(900))
    await post(better, 7)
    const best = await client.get(`/api/v1/tasks/${taskId}/best`)
    expect(best.body).toMatchObject({
      best_submission_id: better,
      previous_best_submission_id: submissions[0],
    })
    const lost = await client.get(`/api/v1/submissions/${large}/detail`)
    expect(lost.body.explanation.missingToday).toBeGreaterThan(0.1)
  })

  it('a later edit of the task does not reach what is frozen', async () => {
    const id = await submit(miner[3]!, 6)
    const edited = testTask({
      benchmark_command: 'make other-bench',
      validator_benchmark_env: { HELDOUT_SLOT: 'new' },
    })
    expect((await client.admin('PUT', `/api/v1/tasks/${taskId}`, TOKEN, edited)).status).toBe(200)
    const job = (await scan(judge[0]!)).find(({ submission }) => submission.id === id)!
    expect(job.replay_spec).toMatchObject({
      benchmark_command: 'make bench',
      validator_benchmark_env: { HELDOUT_SLOT: 'secret-slot' },
    })
  })

  it('is the same after a restart: state and the bytes of the snapshot', async () => {
    const snapshot = async () => (await fetch(`${platform.url}/api/v1/reward-snapshot`)).text()
    const before = { state: platform.state, snapshot: await snapshot() }
    await platform.restart()
    client = new AutoresearchClient(platform.url, () => platform.nowMs)
    expect(platform.state).toEqual(before.state)
    platform.nowMs += 3_600_000
    expect(await snapshot()).toBe(before.snapshot)
    expect(JSON.parse(before.snapshot)).toMatchObject({
      generated_at: '2025-11-13T02:15:20Z',
      competitions: [{ slug: 'ternary-frontier', weight: 1 }],
      reward_policy: { validator_weights: { mode: 'targets' } },
    })
  })

  it('the log tells no private value', async () => {
    expect(JSON.stringify(await platform.events())).not.toContain('secret-slot')
  })

  it('an acceptance is taken back only by an explicit reversal, and the best before it comes back', async () => {
    const { body } = await client.get(`/api/v1/tasks/${taskId}/best`)
    const reversed = await client.admin(
      'POST',
      `/api/v1/submissions/${body.best_submission_id}/reverse`,
      TOKEN,
      {
        reason: 'trained on the heldout rows',
      },
    )
    expect(reversed.status).toBe(200)
    const after = await client.get(`/api/v1/tasks/${taskId}/best`)
    expect(after.body.best_submission_id).toBe(submissions[0])
    const detail = await client.get(`/api/v1/submissions/${body.best_submission_id}/detail`)
    expect(detail.body.timeline.at(-1)).toMatchObject({ event: 'reversed' })
  })
})
