import { encodeAddress } from '@polkadot/util-crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Signer, signerOf } from '../../devnet/node/signer'
import {
  EvaluatorNode,
  type Measured,
  type NodeRefused,
  type RunTask,
} from '../../validator/evaluation/evaluator-node'
import { backupMessage } from './routes/report-routes'
import { uploadMessage } from './routes/score-routes'
import type { Miner } from './test/test-miner'
import { TestPlatform } from './test/test-platform'

const SETS = {
  screener_1: ['basic', 'pricing'],
  screener_2: ['safe', 'haystack', 'qos'],
  validator: ['prompt', 'reason'],
}
const validators = [1, 2, 3].map((n) => signerOf(`validator ${n}`))
const ss58 = (signer: Signer) => encodeAddress(signer.account, 42)
const pass: Measured = { score: 0.8, success: true, durationSeconds: 1.5, samples: 5 }
const fail: Measured = { ...pass, score: 0.1, success: false }

describe('the evaluation of Bitrecs artifacts', () => {
  let platform: TestPlatform
  let baseUrl: string
  beforeEach(async () => {
    platform = await TestPlatform.start({
      settings: {
        bitrecsScreenerPassword: 'sesame',
        bitrecsValidators: validators.map(ss58).join(','),
        bitrecsNumEvalsPerAgent: 3,
        bitrecsPrices: 'CHUTES/deepseek-ai/DeepSeek-V3=0.3/1.2',
      },
    })
    baseUrl = platform.app.listeningOrigin
    await platform.request('POST', '/admin/evaluation-sets', SETS, { 'x-admin-token': 'operator' })
  })
  afterEach(() => platform.close())

  type Evaluate = (agent: Readonly<Record<string, unknown>>, problem: string) => Measured
  const node = (identity: EvaluatorNode['options' & never] | object, evaluate: Evaluate = () => pass) =>
    new EvaluatorNode({
      baseUrl: platform.app.listeningOrigin,
      apiKey: 'validators-key',
      identity: identity as never,
      evaluate: ({ agent, problem }: RunTask) => evaluate(agent, problem),
      clock: () => platform.nowMs,
    })
  const screener = (level: 1 | 2, evaluate?: Evaluate) =>
    node({ kind: 'screener', name: `screener-${level}-1`, password: 'sesame' }, evaluate)
  const validator = (n: number, evaluate?: Evaluate) =>
    node({ kind: 'validator', signer: validators[n]! }, evaluate)
  /** Three validators are connected: submissions need them. */
  async function connected(evaluate?: Evaluate): Promise<EvaluatorNode[]> {
    const nodes = [0, 1, 2].map((n) => validator(n, evaluate))
    for (const one of nodes) await one.register()
    return nodes
  }
  async function submitted(name: string): Promise<Miner> {
    const miner = platform.miner(name)
    const { status, body } = await platform.submit(miner)
    expect([status, body]).toMatchObject([201, {}])
    return miner
  }
  const statuses = async () =>
    (await platform.events())
      .filter(({ type }) => type === 'BitrecsAgentStatusChanged')
      .map(({ payload }) => (payload as { to: string }).to)
  const refusals = async () =>
    (await platform.events())
      .filter(({ type }) => type === 'CommandRefused')
      .map(({ payload }) => (payload as { code: string }).code)

  it('takes an artifact through both screenings and three validators, and records its scores', async () => {
    const nodes = await connected((_, problem) => ({ ...pass, score: problem === 'prompt' ? 0.9 : 0.7 }))
    const miner = await submitted('alice')
    const [one, two] = [screener(1), screener(2)]
    for (const it of [one, two]) await it.register()
    expect(await two.work()).toBe(false)
    expect(await one.work()).toBe(true)
    expect(await two.work()).toBe(true)
    for (const it of nodes) expect(await it.work()).toBe(true)
    expect(await nodes[0]!.work()).toBe(false)
    expect(await statuses()).toEqual(['screening_2', 'evaluating', 'finished'])
    const scores = (await platform.events()).filter(({ type }) => type === 'BitrecsScoreRecorded')
    expect(scores).toHaveLength(6)
    expect(scores[0]!.payload).toMatchObject({
      hotkey: miner.signer.account,
      uid: 1,
      registeredAt: 1,
      task: 'prompt',
      score: 0.9,
      sampleSize: 5,
      setId: 1,
      validator: validators[0]!.account,
      source: 'run',
    })
  })

  it('gives a node the artifact with its prompts', async () => {
    await connected()
    const miner = await submitted('alice')
    let seen: Readonly<Record<string, unknown>> = {}
    const one = screener(1, (agent) => {
      seen = agent
      return pass
    })
    await one.register()
    await one.work()
    expect(seen).toMatchObject({
      miner_hotkey: miner.hotkey,
      status: 'screening_1',
      provider: 'CHUTES',
      system_prompt_template: expect.stringContaining('You recommend products'),
    })
  })

  it('fails an artifact whose screening is below the threshold, with the numbers', async () => {
    await connected()
    await submitted('alice')
    const one = screener(1, () => fail)
    await one.register()
    await one.work()
    const [changed] = (await platform.events()).filter(({ type }) => type === 'BitrecsAgentStatusChanged')
    expect(changed!.payload).toMatchObject({ to: 'failed_screening_1', reason: 'score 0, needed 0.3' })
  })

  it('passes one of two in the first screening, needs two of three in the second', async () => {
    await connected()
    await submitted('alice')
    const one = screener(1, (_, problem) => (problem === 'basic' ? pass : fail))
    const two = screener(2, (_, problem) => (problem === 'safe' ? pass : fail))
    for (const it of [one, two]) await it.register()
    await one.work()
    await two.work()
    expect(await statuses()).toEqual(['screening_2', 'failed_screening_2'])
  })

  it('prunes at the second screening whoever is below nine tenths of the best final score', async () => {
    const nodes = await connected()
    await submitted('alice')
    const [one, two] = [screener(1), screener(2, (_, problem) => (problem === 'qos' ? fail : pass))]
    for (const it of [one, two]) await it.register()
    await one.work()
    await two.work()
    expect(await statuses()).toEqual(['screening_2', 'evaluating'])
    for (const it of nodes) await it.work()
    await submitted('bob')
    await one.work()
    await two.work()
    const changes = (await platform.events()).filter(({ type }) => type === 'BitrecsAgentStatusChanged')
    expect(changes.at(-1)!.payload).toMatchObject({
      to: 'failed_screening_2',
      reason: 'score 0.6666666666666666, needed 0.9 (best final score 1)',
    })
  })

  it('keeps sessions, runs and their states over a restart in the middle of a run', async () => {
    const [first] = await connected()
    await submitted('alice')
    const [one, two] = [screener(1), screener(2)]
    for (const it of [one, two]) {
      await it.register()
      await it.work()
    }
    const assigned = (await first!.post('/validator/request-evaluation', {})) as {
      evaluation_runs: { evaluation_run_id: string }[]
    }
    const run = { evaluation_run_id: assigned.evaluation_runs[0]!.evaluation_run_id }
    await first!.post('/validator/update-evaluation-run', { ...run, updated_status: 'initializing_agent' })
    await platform.shut()
    await platform.open()
    ;(first as unknown as { options: { baseUrl: string } }).options.baseUrl = platform.app.listeningOrigin
    await first!.post('/validator/update-evaluation-run', { ...run, updated_status: 'running_agent' })
    await first!.heartbeat()
  })

  it('ends silent sessions; what they had open goes back to the queue', async () => {
    const nodes = await connected()
    await submitted('alice')
    const [one, two] = [screener(1), screener(2)]
    for (const it of [one, two]) {
      await it.register()
      await it.work()
    }
    await nodes[0]!.post('/validator/request-evaluation', {})
    platform.nowMs += 100_000
    await nodes[1]!.heartbeat()
    platform.nowMs += 60_000
    await expect
      .poll(
        async () => (await platform.events()).filter(({ type }) => type === 'BitrecsSessionClosed').length,
        {
          timeout: 10_000,
        },
      )
      .toBeGreaterThanOrEqual(4)
    const ended = (await platform.events()).filter(({ type }) => type === 'BitrecsRunUpdated')
    expect(ended.at(-1)!.payload).toMatchObject({ to: 'error', errorCode: 3000 })
    await expect(nodes[0]!.heartbeat()).rejects.toMatchObject({ status: 401 })
    await nodes[1]!.heartbeat()
    expect(await nodes[1]!.work()).toBe(true)
  })

  describe('refuses', () => {
    const caught = async (work: Promise<unknown>): Promise<number> => {
      const error = (await work.then(
        () => undefined,
        (refused) => refused,
      )) as NodeRefused | undefined
      return error?.status ?? 200
    }

    it('everybody without an API key', async () => {
      const { status, body } = await platform.request('POST', '/validator/heartbeat', {})
      expect([status, body]).toEqual([401, { error: 'Invalid or missing API key' }])
    })

    it.each([
      ['a stranger', { hotkey: ss58(signerOf('stranger')) }, 403],
      ['a signature of another text', { timestamp: 1_763_000_199 }, 401],
      ['a timestamp of long ago', { timestamp: 1_762_000_000, resign: true }, 400],
      ['what is no address', { hotkey: '5nonsense' }, 403],
    ])('%s as validator', async (_, over, expected) => {
      const timestamp = (over as { timestamp?: number }).timestamp ?? 1_763_000_200
      const signed = 'resign' in over ? timestamp : 1_763_000_200
      const body = {
        timestamp,
        signed_timestamp: Buffer.from(validators[0]!.sign(Buffer.from(String(signed)))).toString('hex'),
        hotkey: (over as { hotkey?: string }).hotkey ?? ss58(validators[0]!),
        commit_hash: 'x',
      }
      const key = { 'x-api-key': 'validators-key' }
      const { status } = await platform.request('POST', '/validator/register-as-validator', body, key)
      expect(status).toBe(expected)
      expect(await refusals()).toHaveLength(1)
    })

    it('a second connection of one validator, and wrong screeners', async () => {
      await validator(0).register()
      expect(await caught(validator(0).register())).toBe(409)
      expect(
        await caught(node({ kind: 'screener', name: 'screener-3-1', password: 'sesame' }).register()),
      ).toBe(400)
      expect(await caught(node({ kind: 'screener', name: 'screener-1-1', password: 'x' }).register())).toBe(
        403,
      )
      await screener(1).register()
      expect(await caught(screener(1).register())).toBe(409)
      expect(await refusals()).toEqual([
        'already_connected',
        'screener_name',
        'wrong_password',
        'already_connected',
      ])
    })

    const LEGAL: Record<string, readonly string[]> = {
      pending: ['initializing_agent', 'error'],
      initializing_agent: ['running_agent', 'error'],
      running_agent: ['initializing_eval', 'error'],
      initializing_eval: ['running_eval', 'error'],
      running_eval: ['finished', 'error'],
      finished: [],
      error: [],
    }
    const STATES = Object.keys(LEGAL)
    const BODIES: Record<string, object> = {
      initializing_eval: { patch: '', agent_logs: 'x' },
      finished: { test_results: [{ name: 'a', status: 'pass', score: 1, duration: 1 }], eval_logs: 'x' },
      error: { error_code: 1000, error_message: 'x' },
    }
    const PATHS: Record<string, readonly string[]> = {
      pending: [],
      initializing_agent: ['initializing_agent'],
      running_agent: ['initializing_agent', 'running_agent'],
      initializing_eval: ['initializing_agent', 'running_agent', 'initializing_eval'],
      running_eval: ['initializing_agent', 'running_agent', 'initializing_eval', 'running_eval'],
      finished: ['initializing_agent', 'running_agent', 'initializing_eval', 'running_eval', 'finished'],
      error: ['error'],
    }

    it('every step of a run but the next one and an error', { timeout: 60_000 }, async () => {
      await connected()
      for (const from of STATES) {
        for (const to of STATES) {
          await submitted(`${from} to ${to}`.replaceAll('_', ' '))
          const one = node({
            kind: 'screener',
            name: `screener-1-${STATES.indexOf(from) * 7 + STATES.indexOf(to)}`,
            password: 'sesame',
          })
          await one.register()
          const assigned = (await one.post('/validator/request-evaluation', {})) as {
            evaluation_runs: { evaluation_run_id: string }[]
          }
          const run = { evaluation_run_id: assigned.evaluation_runs[0]!.evaluation_run_id }
          const step = (updated_status: string) =>
            one.post('/validator/update-evaluation-run', {
              ...run,
              updated_status,
              ...BODIES[updated_status],
            })
          for (const state of PATHS[from]!) await step(state)
          const isLegal = LEGAL[from]!.includes(to)
          // Logs that were given on the way are not given twice.
          expect([from, to, await caught(step(to))]).toEqual([from, to, isLegal ? 200 : 400])
          // A refused step ends the session, as in the reference; a taken one leaves the run open.
          if (isLegal) await one.disconnect('next')
        }
      }
    })

    it('runs that are unknown or of others, steps without their content, and finishing too early', async () => {
      const nodes = await connected()
      await submitted('alice')
      await submitted('bob')
      const [one, other] = [screener(1), node({ kind: 'screener', name: 'screener-1-2', password: 'sesame' })]
      for (const it of [one, other]) await it.register()
      const update = (by: EvaluatorNode, run: string, updated_status: string, more = {}) =>
        caught(
          by.post('/validator/update-evaluation-run', { evaluation_run_id: run, updated_status, ...more }),
        )
      expect(await update(nodes[0]!, '0'.repeat(36), 'pending')).toBe(409)
      const runOf = async (by: EvaluatorNode) =>
        (
          (await by.post('/validator/request-evaluation', {})) as {
            evaluation_runs: { evaluation_run_id: string }[]
          }
        ).evaluation_runs[0]!.evaluation_run_id
      const [mine, theirs] = [await runOf(one), await runOf(other)]
      expect(await update(one, mine, 'error')).toBe(422)
      expect(await update(one, mine, 'nonsense')).toBe(422)
      expect(await update(one, theirs, 'initializing_agent')).toBe(403)
      expect(await caught(other.post('/validator/finish-evaluation', {}))).toBe(409)
      expect(await caught(other.heartbeat())).toBe(401)
      const { status } = await platform.request(
        'POST',
        '/validator/heartbeat',
        {},
        {
          'x-api-key': 'validators-key',
          authorization: 'Bearer nonsense',
        },
      )
      expect(status).toBe(422)
    })

    it('scores that are none: not finite, out of range, more than one', async () => {
      const nodes = await connected((_, problem) => ({ ...pass, score: problem === 'prompt' ? 1.5 : 0.5 }))
      await submitted('alice')
      for (const it of [screener(1), screener(2)]) {
        await it.register()
        await it.work()
      }
      expect(await caught(nodes[0]!.work())).toBe(422)
      expect(await refusals()).toContain('score_out_of_range')
      expect((await platform.events()).filter(({ type }) => type === 'BitrecsScoreRecorded')).toEqual([])
    })
  })

  describe('signed uploads of scores', () => {
    const key = { 'x-api-key': 'validators-key' }
    let alice: Miner
    const row = (n: number, over: object = {}) => ({
      run_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      hotkey: alice.hotkey,
      task_name: 'prompt',
      score: 0.5,
      success: true,
      duration: 1,
      evaluation_set_id: 1,
      sample_size: 5,
      ...over,
    })
    const upload = (scores: object[], over: Record<string, unknown> = {}, signer = validators[0]!) => {
      const body = {
        hotkey: ss58(signer),
        nonce: 'a'.repeat(32),
        timestamp: Math.floor(platform.nowMs / 1000),
        scores,
        ...over,
      }
      const signature = Buffer.from(signer.sign(Buffer.from(uploadMessage(body)))).toString('hex')
      return platform.request('POST', '/scores/upload', { signature, ...body, ...over }, key)
    }
    beforeEach(async () => {
      await connected()
      alice = await submitted('alice')
    })

    it('takes good rows and refuses bad ones one by one, each with its reason', async () => {
      const { status, body } = await upload([
        row(1),
        row(2, { score: 1.01 }),
        row(3, { score: -0.1 }),
        row(1, { score: 0.9 }),
        row(4, { hotkey: ss58(signerOf('nobody')) }),
        row(5, { task_name: 'other' }),
        row(6, { evaluation_set_id: 7 }),
      ])
      expect([status, body]).toEqual([
        200,
        {
          accepted: 1,
          refused: [
            { run_id: row(2).run_id, code: 'score_out_of_range' },
            { run_id: row(3).run_id, code: 'score_out_of_range' },
            { run_id: row(1).run_id, code: 'duplicate_run' },
            { run_id: row(4).run_id, code: 'unknown_hotkey' },
            { run_id: row(5).run_id, code: 'unknown_task' },
            { run_id: row(6).run_id, code: 'other_set' },
          ],
        },
      ])
      expect(await refusals()).toHaveLength(6)
    })

    it('refuses an upload that was sent before, forged, changed, old, or of a stranger', async () => {
      expect((await upload([row(1)])).status).toBe(200)
      expect((await upload([row(2)])).status).toBe(409)
      expect((await upload([row(3)], { nonce: 'b'.repeat(32), signature: '00'.repeat(64) })).status).toBe(401)
      expect((await upload([row(4)], { nonce: 'c'.repeat(32), timestamp: 1_762_000_000 })).status).toBe(400)
      expect((await upload([row(5)], { nonce: 'd'.repeat(32) }, signerOf('stranger'))).status).toBe(403)
      expect(await refusals()).toEqual(['nonce_used', 'bad_signature', 'timestamp_skew', 'not_whitelisted'])
      const scores = (await platform.events()).filter(({ type }) => type === 'BitrecsScoreRecorded')
      expect(scores).toHaveLength(1)
    })

    it('refuses numbers that JSON cannot hold', async () => {
      const body = JSON.stringify({ hotkey: 'x', nonce: 'x', timestamp: 1, signature: 'x', scores: [row(1)] })
      for (const bad of ['NaN', 'Infinity', '-Infinity', '1e999']) {
        const { status } = await platform.request('POST', '/scores/upload', body.replace('0.5', bad), key)
        expect([bad, status]).toEqual([bad, bad === '1e999' ? 422 : 400])
      }
      expect(await refusals()).toEqual(Array.from({ length: 4 }, () => 'request_invalid'))
      expect((await platform.events()).at(-1)).toMatchObject({
        type: 'CommandRefused',
        payload: { command: 'upload', status: 422, requestHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      })
    })
  })

  it('takes no uploads where scores come from runs, and says so in the log', async () => {
    await platform.shut()
    await platform.open({ bitrecsScoreSource: 'runs' })
    const body = { hotkey: 'x', nonce: 'x'.repeat(8), timestamp: 1, signature: 'x', scores: [] }
    const answer = await platform.request('POST', '/scores/upload', body, { 'x-api-key': 'validators-key' })
    expect(answer).toMatchObject({ status: 403, body: { code: 'uploads_off' } })
    expect(await refusals()).toEqual(['uploads_off'])
  })

  it('takes copies of score files at signed URLs, and what validators say they set, as said', async () => {
    const key = { 'x-api-key': 'validators-key' }
    const signer = validators[0]!
    const body = { created_at: '2026-01-01T00:00:00+00:00', hotkey: ss58(signer), uid: 3 }
    const [timestamp, nonce] = [String(Math.floor(platform.nowMs / 1000)), 'c'.repeat(32)]
    const ask = (signed: string, over: object = {}) => {
      const signature = Buffer.from(signer.sign(Buffer.from(signed))).toString('hex')
      const headers = {
        ...key,
        'x-timestamp': timestamp,
        'x-nonce': nonce,
        'x-signature': signature,
        ...over,
      }
      return platform.request('POST', '/backup/upload-request', body, headers)
    }
    expect((await ask('something else')).status).toBe(401)
    const answer = await ask(backupMessage(timestamp, nonce, body))
    expect(answer).toMatchObject({ status: 200, body: { expires_in: 1800, status: 'success' } })
    expect((await ask(backupMessage(timestamp, nonce, body))).status).toBe(409)
    const file = Buffer.from('SQLite format 3\0')
    const put = (url: string) =>
      fetch(url, {
        method: 'PUT',
        body: file,
        headers: { ...key, 'content-type': 'application/octet-stream' },
      })
    expect((await put(answer.body.signed_url)).status).toBe(200)
    expect((await put(String(answer.body.signed_url).replace(/.$/, 'x'))).status).toBe(403)
    const report = {
      netuid: 122,
      block: 5,
      validator_hotkey: ss58(signer),
      wta_uid: 0,
      wta_weight: 1,
      weights: '{}',
    }
    expect((await platform.request('POST', '/scoring/weight-set', report, key)).status).toBe(200)
    const types = (await platform.events()).map(({ type }) => type)
    expect(types).toEqual(expect.arrayContaining(['BitrecsBackupReceived', 'BitrecsWeightSetReported']))
  })

  it('estimates costs from its price table, and takes reports of what was spent', async () => {
    const key = { 'x-api-key': 'validators-key' }
    const estimate = { provider: 'CHUTES', model_name: 'deepseek-ai/DeepSeek-V3', input_tokens: 1_000_000 }
    const { body } = await platform.request(
      'POST',
      '/inference/estimate-cost',
      { ...estimate, output_tokens: 500_000 },
      key,
    )
    expect(body).toEqual({
      input_cost: 0.3,
      output_cost: 0.6,
      total_cost: 0.8999999999999999,
      currency: 'USD',
    })
    const unknown = { ...estimate, model_name: 'other', output_tokens: 1 }
    expect((await platform.request('POST', '/inference/estimate-cost', unknown, key)).status).toBe(503)
    expect(baseUrl).toContain('127.0.0.1')
  })
})
