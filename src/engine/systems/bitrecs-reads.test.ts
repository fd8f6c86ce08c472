import { encodeAddress } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../config/config'
import { type Signer, signerOf } from '../../devnet/node/signer'
import { createHttpHost, type HttpHost } from '../../http/http-host'
import type { Miner } from '../../platform/bitrecs/test/test-miner'
import { TestPlatform } from '../../platform/bitrecs/test/test-platform'
import { Projector } from '../../projections/projector'
import { tableOrigins } from '../../projections/table-origins'
import { EvaluatorNode, type Measured, RunFailed } from '../../validator/evaluation/evaluator-node'
import { bitrecsSystem } from './bitrecs'

const KEY = 'validators-key'
const SETS = {
  screener_1: ['basic', 'pricing'],
  screener_2: ['safe', 'haystack', 'qos'],
  validator: ['prompt', 'reason'],
}
const signers = [1, 2, 3].map((n) => signerOf(`validator ${n}`))
const ss58 = (signer: Signer) => encodeAddress(signer.account, 42)
const cost = {
  provider: 'CHUTES',
  model: 'deepseek',
  temperature: 0.2,
  inputTokens: 100,
  outputTokens: 20,
  costUsd: 0.5,
}

/** Scores of the cast by problem: alice is best at one, bob at the other, carol fails the first screening. */
function measure(name: string, problem: string): Measured {
  if (name === 'carol') throw new RunFailed(1_000, 'the artifact is broken')
  const score = problem === 'prompt' ? { alice: 0.9, bob: 0.4 }[name] : { alice: 0.5, bob: 0.6 }[name]
  return {
    score: score ?? 0.8,
    success: true,
    durationSeconds: 2,
    samples: 50,
    agentLogs: `ran ${name}`,
    cost,
  }
}

/** Shapes are those of the reference's own routes (spec bitrecs §6), answered from the read models alone. */
describe('the read routes of the existing API', { timeout: 120_000 }, () => {
  let platform: TestPlatform
  let reads: HttpHost
  let url: string
  let miners: Readonly<Record<'alice' | 'bob' | 'carol' | 'dave' | 'eve' | 'frank', Miner>>
  const agents: Record<string, string> = {}
  const nodes: EvaluatorNode[] = []

  beforeAll(async () => {
    const settings = {
      bitrecsScreenerPassword: 'sesame',
      bitrecsValidators: signers.map(ss58).join(','),
      bitrecsNumEvalsPerAgent: 3,
    }
    platform = await TestPlatform.start({
      settings,
      defaultPolicy: bitrecsSystem.defaultPolicy,
      projecting() {
        const projector = new Projector()
        return {
          project: (client, events) => projector.apply(client, events),
          onRollback: () => projector.reset(),
        }
      },
    })
    const routes = bitrecsSystem.readRoutes(
      {
        netuid: 122,
        pool: platform.pool,
        facts: platform.facts,
        settings: { ...readConfig({}, {}), bitrecsApiKeys: KEY, ...settings },
      },
      tableOrigins(),
    )!
    reads = await createHttpHost({ modules: [{ system: 'bitrecs', routes }], version: 'test' })
    url = await reads.app.listen({ port: 0, host: '127.0.0.1' })
    await play()
  }, 120_000)
  afterAll(async () => {
    await reads.close()
    await platform.close()
  })

  const node = (identity: object) =>
    new EvaluatorNode({
      baseUrl: platform.address,
      apiKey: KEY,
      identity: identity as never,
      evaluate: ({ agent, problem }) => measure(String(agent.name), problem),
      clock: () => platform.nowMs,
      systemMetrics: () => ({ cpu_percent: 7 }),
    })

  /** Alice, Bob and Carol go all the way they can; Dave is in the second screening, Eve is banned, Frank waits. */
  async function play() {
    await platform.request('POST', '/admin/evaluation-sets', SETS, { 'x-admin-token': 'operator' })
    nodes.push(...signers.map((signer) => node({ kind: 'validator', signer })))
    const [one, two] = [1, 2].map((n) =>
      node({ kind: 'screener', name: `screener-${n}-1`, password: 'sesame' }),
    ) as [EvaluatorNode, EvaluatorNode]
    for (const it of [...nodes, one, two]) await it.register()
    const submit = async (name: string) => {
      const miner = platform.miner(name, { artifact: { name } })
      const { body } = await platform.submit(miner)
      agents[name] = body.artifact_id
      platform.nowMs += 10_000
      return miner
    }
    const [alice, bob, carol] = [await submit('alice'), await submit('bob'), await submit('carol')]
    for (let n = 0; n < 3; n++) await one.work()
    platform.nowMs += 5_000
    for (let n = 0; n < 2; n++) await two.work()
    for (const it of nodes) while (await it.work());
    const [dave, eve] = [await submit('dave'), await submit('eve')]
    await one.work()
    await platform.admin('ban-hotkey', { hotkey: eve.hotkey, reason: 'copies data' })
    await nodes[0]!.heartbeat()
    // The second screener takes Dave and is still at it.
    await two.post('/validator/request-evaluation', {})
    const frank = await submit('frank')
    miners = { alice, bob, carol, dave, eve, frank }
  }

  async function ask(route: string, headers: Record<string, string> = { 'x-api-key': KEY }) {
    const response = await fetch(`${url}${route}`, { headers })
    // biome-ignore lint/suspicious/noExplicitAny: shapes differ from route to route
    return { status: response.status, body: (await response.json()) as any }
  }
  const get = async (route: string) => {
    const { status, body } = await ask(route)
    expect([route, status, body]).toMatchObject([route, 200, {}])
    return body
  }

  it('say in /health what goes on, and count what they answered', async () => {
    const before = (await ask('/health', {})).body
    expect(before).toMatchObject({
      status: 'healthy',
      exceptions: 0,
      agent_count: 6,
      validators: { total_connected_validators: 5, connected_screeners: 2, connected_validators: 3 },
      submissions_enabled: true,
      miner_emissions: 0.1,
    })
    expect(before.validators.hotkeys).toEqual(expect.arrayContaining([ss58(signers[0]!), 'screener-2-1']))
    await get('/scoring/latest')
    expect((await ask('/health', {})).body.total_requests).toBe(before.total_requests + 2)
  })

  it('want a key that is right to the last byte', async () => {
    expect(await ask('/scoring/latest', {})).toMatchObject({
      status: 401,
      body: { error: expect.any(String) },
    })
    // Of the same length, but not of as many bytes.
    for (const key of ['x', 'validators-keY', 'vàlidators-key']) {
      expect([key, (await ask('/scoring/latest', { 'x-api-key': key })).status]).toEqual([key, 401])
    }
  })

  it('show whole artifacts, as clients of the reference parse them', async () => {
    const whole = {
      agent_id: agents.alice,
      miner_hotkey: miners.alice.hotkey,
      miner_uid: '1',
      version_num: 1,
      status: 'finished',
      ip_address: null,
      provider: 'CHUTES',
      system_prompt_template: expect.stringContaining('You recommend products'),
      sampling_params: { temperature: 0.2 },
      fewshot_examples: null,
      eval_scores: {},
    }
    expect(await get(`/retrieval/agent-by-id?agent_id=${agents.alice}`)).toMatchObject({
      ...whole,
      is_benchmark_agent: false,
      benchmark_description: null,
    })
    expect(await get(`/retrieval/agent-by-hotkey?miner_hotkey=${miners.alice.hotkey}`)).toMatchObject(whole)
    expect(await get(`/retrieval/all-agents-by-hotkey?miner_hotkey=${miners.alice.hotkey}`)).toHaveLength(1)
    const current = await get('/retrieval/current-agents')
    expect(current.map((agent: { name: string }) => agent.name)).toEqual([
      'alice',
      'bob',
      'carol',
      'dave',
      'frank',
    ])
    expect(current[0]).toMatchObject({ ...whole, system_prompt_template: '', user_prompt_template: '' })
    expect((await ask('/retrieval/agent-by-hotkey?miner_hotkey=nobody')).status).toBe(400)
    const stranger = encodeAddress(signerOf('stranger').account, 42)
    expect((await ask(`/retrieval/agent-by-hotkey?miner_hotkey=${stranger}`)).status).toBe(404)
    expect(await get(`/agent/get-gist-info?agent_id=${agents.bob}`)).toMatchObject({
      gist_id: miners.bob.gist.gistId,
      github_account: 'octo-miner',
      hotkey: miners.bob.hotkey,
      block: 8,
    })
    for (const [id, status] of [
      [agents.alice, 501],
      [agents.dave, 403],
      ['none', 404],
    ]) {
      expect((await ask(`/retrieval/agent-code?agent_id=${id}`)).status).toBe(status)
    }
  })

  it('list who waits as the platform itself does: nobody who is being evaluated or banned', async () => {
    expect(await get('/retrieval/queue?stage=screener_1')).toMatchObject([
      { miner_hotkey: miners.frank.hotkey },
    ])
    expect(await get('/retrieval/queue?stage=screener_2')).toEqual([])
    expect(await get('/retrieval/queue?stage=validator')).toEqual([])
    const refused = await ask('/retrieval/queue?stage=other')
    expect(refused).toMatchObject({ status: 422, body: { detail: expect.any(Array) } })
  })

  it('rank the best of the contest by the mean of their validators', async () => {
    const top = await get('/retrieval/top-agents')
    expect(top.map((agent: { name: string }) => agent.name)).toEqual(['alice', 'bob'])
    expect(top[0]).toMatchObject({ set_id: 1, approved: true, validator_count: 3, final_score: 1 })
    expect(await get('/retrieval/network-statistics')).toMatchObject({ top_score: 1 })
    expect((await get('/retrieval/top-scores-over-time')).at(-1)).toMatchObject({ top_score: 1 })
    expect(await get('/retrieval/benchmark-agents')).toEqual([])
  })

  it('tell the times of each run, and its logs', async () => {
    const evaluations = await get(`/retrieval/evaluations-for-agent?agent_id=${agents.alice}`)
    expect(evaluations.map((one: { evaluation_set_group: string }) => one.evaluation_set_group)).toEqual([
      'screener_1',
      'screener_2',
      'validator',
      'validator',
      'validator',
    ])
    const [, , third] = evaluations
    expect(third).toMatchObject({
      agent_id: agents.alice,
      validator_hotkey: ss58(signers[0]!),
      set_id: 1,
      status: 'success',
      score: 1,
      finished_at: expect.stringMatching(/\+00:00$/),
    })
    expect(third.runs).toHaveLength(2)
    const [run] = third.runs
    const time = expect.stringMatching(/^2025-11-13T.*\+00:00$/)
    expect(run).toMatchObject({
      evaluation_id: third.evaluation_id,
      problem_name: 'prompt',
      status: 'finished',
      patch: '',
      test_results: [{ name: 'prompt', category: 'default', status: 'pass', score: 0.9, duration: 2 }],
      error_code: null,
      created_at: time,
      started_initializing_agent_at: time,
      started_running_agent_at: time,
      started_initializing_eval_at: time,
      started_running_eval_at: time,
      finished_or_errored_at: time,
    })
    const byRun = `evaluation_run_id=${run.evaluation_run_id}`
    expect(await get(`/evaluation-run/get-by-id?${byRun}`)).toEqual(run)
    const { runs: _, ...evaluation } = third
    expect(await get(`/evaluation/get-by-evaluation-run-id?${byRun}`)).toEqual(evaluation)
    expect(await get(`/evaluation-run/get-logs-by-id?${byRun}&type=agent`)).toBe('ran alice')
    expect((await ask('/evaluation-run/get-by-id?evaluation_run_id=none')).status).toBe(404)
  })

  it('show a node with what it evaluates now, and what it last said of itself', async () => {
    const connected = await get('/validator/connected-validators-info')
    expect(connected).toHaveLength(5)
    const by = (hotkey: string) => connected.find((one: { hotkey: string }) => one.hotkey === hotkey)
    expect(by(ss58(signers[0]!))).toMatchObject({
      time_last_heartbeat: expect.any(String),
      system_metrics: { cpu_percent: 7 },
      evaluation: null,
      agent: null,
    })
    expect(by('screener-2-1')).toMatchObject({
      time_last_heartbeat: null,
      evaluation: { evaluation_set_group: 'screener_2', status: 'running', score: 0, finished_at: null },
      agent: { name: 'dave', status: 'screening_2' },
    })
  })

  it('give scores, frontier and points as every validator’s engine reads them', async () => {
    const { scores } = await get('/scoring/latest')
    expect(scores).toHaveLength(12)
    expect(scores[0]).toMatchObject({ uid: 1, task_name: 'prompt', score: Math.fround(0.9), sample_size: 50 })
    expect(await get('/retrieval/miner-blocks')).toMatchObject({ [miners.alice.hotkey]: 8 })
    // Alice leads Bob by .5 where ε is .05 at most, and trails by .1: nobody dominates.
    expect(await get('/scoring/pareto')).toMatchObject({
      frontier_uids: expect.arrayContaining([1, 2]),
      dominance_matrix: [
        [false, false],
        [false, false],
      ],
      uid_mapping: expect.arrayContaining([1, 2]),
      miner_scores: { 1: { prompt: 0.9, reason: 0.5 }, 2: { prompt: 0.4, reason: 0.6 } },
      samples: { prompt: 50, reason: 50 },
      dominance_explanation: { 1: 'On frontier', 2: 'On frontier' },
      stats: expect.arrayContaining([{ uid: 1, on_frontier: true, dominated_count: 0, score_avg: 0.7 }]),
    })
    const wta = await get('/scoring/wta')
    // Thresholds: .9 + 1.5·√(.9·.1/50) = .9636…, .4 + .08 (the cap) and so on (spec §5.4).
    expect(wta.miner_thresholds[1].prompt).toBeCloseTo(0.9 + 1.5 * Math.sqrt((0.9 * 0.1) / 50), 12)
    expect(wta.miner_thresholds[2].prompt).toBeCloseTo(0.48, 12)
    expect(wta).toMatchObject({
      subset_scores: { 1: 3, 2: 1 },
      miner_blocks: { 1: 8, 2: 8 },
      subset_winners: { "('prompt',)": 1, "('reason',)": 2, "('prompt', 'reason')": 1 },
      stats: [
        { winner_uid: 1, subsets_won: 2, rank: 1 },
        { winner_uid: 2, subsets_won: 1, rank: 2 },
      ],
    })
    expect(wta.weights[1] + wta.weights[2]).toBeCloseTo(1, 12)
    expect(await get('/scoring/constants')).toMatchObject({ MAX_EPSILON: 0.05, DECAY_FACTOR: 0.05 })
  })

  it('count how runs of each problem ended', async () => {
    const { problem_stats, problem_set_id } = await get('/statistics/problem-statistics?set_id=1')
    expect(problem_set_id).toBe(1)
    const of = (name: string) =>
      problem_stats.find((one: { problem_name: string }) => one.problem_name === name)
    expect(of('prompt')).toMatchObject({
      total_num_evaluation_runs: 6,
      num_finished_passed_evaluation_runs: 6,
      pass_rate: 1,
      average_cost_usd: 0.5,
      in_validator_set_group: true,
      in_screener_1_set_group: false,
      tests: [
        { name: 'prompt', category: 'default', num_runs: 6, num_passed: 6, num_failed: 0, pass_rate: 1 },
      ],
      token_distribution: [{ model: 'deepseek', num_input_tokens: 600, num_output_tokens: 120 }],
      fastest_agents: expect.arrayContaining([expect.objectContaining({ agent_id: agents.alice })]),
    })
    expect(of('basic')).toMatchObject({
      num_errored_evaluation_runs: 1,
      error_code_distribution: [
        {
          error_code: 1_000,
          num_errors: 1,
          recent_errored_agents: [{ agent_id: agents.carol, name: 'carol' }],
        },
      ],
    })
    expect((await ask('/statistics/problem-statistics?set_id=2')).status).toBe(400)
    expect(await get('/evaluation-sets/all-latest-set-problems')).toHaveLength(7)
  })

  it('give means and waits of the stages', async () => {
    expect(await get('/scoring/screener-info')).toMatchObject({
      screener_1_threshold: 0.3,
      screener_2_threshold: 0.4,
      prune_threshold: 0.9,
      screener_1_average_score: 0.75,
      screener_2_average_score: 1,
      validator_average_score: 1,
    })
    expect(await get('/scoring/latest-set-info')).toMatchObject({ latest_set_id: 1 })
  })

  it('are documented, each with a line and a shape that its answer keeps', async () => {
    const { paths } = (await ask('/openapi.json', {})).body
    const documented = Object.entries(
      paths as Record<string, { get?: { summary?: string; responses: object } }>,
    )
    expect(documented.length).toBeGreaterThanOrEqual(24)
    for (const [path, { get: operation }] of documented) {
      expect([path, operation?.summary]).toEqual([path, expect.any(String)])
    }
  })
})
