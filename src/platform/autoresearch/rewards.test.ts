import { createHash } from 'node:crypto'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { miners, validators } from '../../devnet/players/autoresearch/actors'
import { AutoresearchClient } from '../../devnet/players/autoresearch/client'
import { autoresearchRules as rules } from '../../engine/systems/autoresearch-rules'
import { SN94_POLICY } from '../../mechanisms/autoresearch/policy'
import type { Json } from '../../mechanisms/canonical-json'
import { TestPlatform, TOKEN } from './test/test-platform'
import { testTask } from './test/test-task'

const contract = SN94_POLICY.enforcement.contractHotkey
const TARGETS = [
  { uid: 0, weight: 9 },
  { hotkey: contract, weight: 1 },
]

describe('rewards and what is shown of them', { timeout: 60_000 }, () => {
  let platform: TestPlatform
  let client: AutoresearchClient
  let taskId: string

  beforeAll(async () => {
    await cryptoWaitReady()
    platform = await TestPlatform.start({ rules, validators: validators()[0]!.address })
    client = new AutoresearchClient(platform.url, () => {
      platform.nowMs += 1_000
      return platform.nowMs
    })
    taskId = (await client.admin('POST', '/api/v1/tasks', TOKEN, testTask() as Json)).body.id
  })
  afterAll(() => platform.close())

  const put = (mode: string, status: string, targets: object[] = []) =>
    client.admin('PUT', '/api/v1/reward-policy', TOKEN, {
      validator_weights: { mode, targets },
      transition_policy: { status },
    } as Json)
  const snapshot = async () => {
    const response = await fetch(`${platform.url}/api/v1/reward-snapshot`)
    return { text: await response.text(), sha256: response.headers.get('x-snapshot-sha256') }
  }

  it.each<[string, string, object[], object]>([
    ['targets', 'active', TARGETS, { mode: 'targets', targets: TARGETS }],
    ['burn_uid0', 'blocked', [], { mode: 'burn_uid0', targets: [] }],
    ['local', 'ready', [], { mode: 'local', targets: [] }],
  ])('mode %s stands in the snapshot as it was set, with its hash', async (mode, status, targets, shown) => {
    expect((await put(mode, status, targets)).status).toBe(200)
    const { text, sha256 } = await snapshot()
    expect(sha256).toBe(createHash('sha256').update(text).digest('hex'))
    expect(JSON.parse(text).reward_policy).toEqual({
      validator_weights: shown,
      transition_policy: {
        status,
        required_contract_hotkey: contract,
        required_contract_weight: 0.1,
        remaining_weight: 0.9,
      },
    })
    expect((await snapshot()).text).toBe(text)
  })

  it.each<[string, string, string, object[]]>([
    ['active without targets', 'local', 'active', []],
    ['active with all burned', 'burn_uid0', 'active', []],
    [
      'another split',
      'targets',
      'active',
      [
        { uid: 0, weight: 0.89 },
        { hotkey: contract, weight: 0.11 },
      ],
    ],
    ['a third target', 'targets', 'ready', [...TARGETS, { uid: 5, weight: 0.1 }]],
    ['two selectors on one target', 'targets', 'ready', [{ uid: 0, hotkey: contract, weight: 1 }]],
    ['a weight of zero', 'targets', 'ready', [TARGETS[0]!, { hotkey: contract, weight: 0 }]],
    ['no contract', 'targets', 'ready', [{ uid: 0, weight: 1 }]],
  ])('a policy of %s is refused and changes nothing', async (_, mode, status, targets) => {
    const before = await snapshot()
    expect(await put(mode, status, targets)).toMatchObject({
      status: 422,
      body: { detail: 'reward_policy_rejected' },
    })
    expect(await snapshot()).toEqual(before)
  })

  it('says which constants were never published', async () => {
    const { body } = await client.get('/api/v1/policy')
    expect(body.is_default).toBe(true)
    expect(body.unpublished.map(({ path }: { path: string }) => path)).toEqual([
      '/comparator',
      '/clockSkewSeconds',
      '/standardRule',
      '/medianMinResults',
    ])
  })

  it('work items follow from tasks and claims: open, claimed, completed', async () => {
    const of = async (status: string) =>
      (await client.get(`/api/v1/work-items?task_id=${taskId}&status=${status}`)).body.work_items
    expect(await of('open')).toEqual([expect.objectContaining({ id: taskId, status: 'open' })])
    const claimed = await client.signed(`/api/v1/work-items/${taskId}/claim`, miners()[0]!)
    expect(claimed.status).toBe(201)
    expect(await of('claimed')).toEqual([
      expect.objectContaining({ claim_id: claimed.body.id, miner_hotkey: miners()[0]!.address }),
    ])
    const planned = await client.admin('POST', '/api/v1/planner/run', TOKEN)
    expect(planned.body).toMatchObject({ planner: 'open-tasks/1', work_items: [{ id: taskId }] })
    const guessed = await client.admin('POST', '/api/v1/planner/run-agentic', 'guess')
    expect(guessed.status).toBe(401)
  })

  it('shows a dashboard and the state of the chain in one answer each', async () => {
    expect((await client.get('/api/v1/dashboard')).body).toMatchObject({
      tasks: [{ id: taskId, best: { best_submission_id: null, frontier: [] } }],
      open_claims: [{ task_id: taskId, status: 'active' }],
      submissions_by_status: {},
      reward_policy: { validator_weights: { mode: 'local' } },
    })
    expect((await client.get('/api/v1/onchain/status')).body).toMatchObject({
      netuid: 94,
      contract_hotkey: contract,
      latest_published_epoch: null,
      veto_count: 0,
    })
  })

  it('a closed task is no competition any more', async () => {
    expect(JSON.parse((await snapshot()).text).competitions).toEqual([
      {
        slug: 'ternary-frontier',
        competition_mode: 'standard',
        scoring_mode: 'best_result',
        reward_scope: 'task',
        weight: 1,
      },
    ])
    await client.admin('POST', `/api/v1/tasks/${taskId}/close`, TOKEN)
    expect(JSON.parse((await snapshot()).text).competitions).toEqual([])
  })

  it('too many requests of one sender are refused for a while', async () => {
    await platform.restart({ autoresearchRequestsPerMinute: 3 })
    const limited = new AutoresearchClient(platform.url, () => (platform.nowMs += 1_000))
    const path = `/api/v1/tasks/${taskId}/claim`
    const answers = []
    for (let n = 0; n < 5; n++)
      answers.push(await limited.signed(path, miners()[1]!, { claim_description: 'try' }))
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { detail: 'rate_limited' } })
  })
})
