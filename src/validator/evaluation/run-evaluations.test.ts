import { encodeAddress } from '@polkadot/util-crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { signerOf } from '../../devnet/node/signer'
import { TestPlatform } from '../../platform/bitrecs/test/test-platform'
import { EvaluatorNode, type Measured, type RunTask } from './evaluator-node'
import { runEvaluations } from './run-evaluations'

const SETS = { screener_1: ['basic'], screener_2: ['safe'], validator: ['prompt'] }
const LOG_MAX_BYTES = 1_000
const signer = signerOf('validator 1')
const pass: Measured = { score: 0.8, success: true, durationSeconds: 1 }

/** Nodes against the platform itself, over HTTP. */
describe('a node that runs evaluations', { timeout: 60_000 }, () => {
  let platform: TestPlatform
  let stop: AbortController
  let running: Promise<void>[]
  let failures: unknown[]
  const tasks: RunTask[] = []

  beforeEach(async () => {
    ;[stop, running, failures] = [new AbortController(), [], []]
    platform = await TestPlatform.start({
      settings: {
        bitrecsScreenerPassword: 'sesame',
        bitrecsValidators: encodeAddress(signer.account, 42),
        bitrecsNumEvalsPerAgent: 1,
        bitrecsRunLogMaxBytes: LOG_MAX_BYTES,
        bitrecsRunningEvalSeconds: 77,
      },
    })
    await platform.request('POST', '/admin/evaluation-sets', SETS, { 'x-admin-token': 'operator' })
  })
  afterEach(async () => {
    stop.abort()
    await Promise.allSettled(running)
    await platform.close()
  })

  function run(
    identity: object,
    measured = pass,
    { apiKey = 'validators-key', heartbeatMs = 50 } = {},
  ): void {
    const node = new EvaluatorNode({
      baseUrl: platform.address,
      apiKey,
      identity: identity as never,
      evaluate(task) {
        tasks.push(task)
        return measured
      },
      clock: () => platform.nowMs,
    })
    const pauses = { pollMs: 20, heartbeatMs, registerPauseMs: 5 }
    const onFailure = (error: unknown) => failures.push(error)
    running.push(runEvaluations({ node, signal: stop.signal, onFailure, ...pauses }))
  }
  const screener = (level: number) => ({
    kind: 'screener',
    name: `screener-${level}-1`,
    password: 'sesame',
  })
  const validator = { kind: 'validator', signer }
  const types = async () => (await platform.events()).map(({ type }) => type)
  const has = (type: string, count = 1) =>
    vi.waitFor(async () => expect((await types()).filter((one) => one === type)).toHaveLength(count), {
      timeout: 20_000,
    })

  /** Taken as soon as a validator is connected. */
  const submitted = () => {
    const miner = platform.miner('alice')
    return vi.waitFor(async () => expect((await platform.submit(miner)).status).toBe(201), {
      timeout: 10_000,
    })
  }

  it('takes what waits, keeps its session alive, and says goodbye', async () => {
    for (const level of [1, 2]) run(screener(level))
    run(validator)
    await submitted()
    await has('BitrecsScoreRecorded')
    expect(await types()).toContain('BitrecsHeartbeat')
    stop.abort()
    await Promise.all(running)
    expect((await types()).filter((type) => type === 'BitrecsSessionClosed')).toHaveLength(3)
    expect(failures).toEqual([])
  })

  it('opens a session anew when the platform has ended the old one', async () => {
    run(validator, pass, { heartbeatMs: 60_000 })
    await has('BitrecsSessionOpened')
    platform.nowMs += 600_000
    await has('BitrecsSessionClosed')
    await has('BitrecsSessionOpened', 2)
    run(screener(1))
    run(screener(2))
    await submitted()
    await has('BitrecsScoreRecorded')
  })

  it('keeps to the time and the log size that the platform names', async () => {
    const noise = 'ä'.repeat(LOG_MAX_BYTES)
    run(validator)
    run(screener(1), { ...pass, agentLogs: `${noise}the end`, evalLogs: noise })
    await submitted()
    await has('BitrecsEvaluationFinished')
    const logs = (await platform.events()).flatMap(({ type, payload }) =>
      type === 'BitrecsRunUpdated'
        ? ((payload as { agentLogs: { bytes: number } | null }).agentLogs ?? [])
        : [],
    )
    expect(logs).toMatchObject([{ bytes: expect.any(Number) }])
    expect(logs[0]!.bytes).toBeLessThanOrEqual(LOG_MAX_BYTES)
    expect(logs[0]!.bytes).toBeGreaterThan(LOG_MAX_BYTES - 4)
    expect(tasks.at(-1)!.timeoutMs).toBe(77_000)
  })

  it('gives up when the platform does not take it', async () => {
    run(validator, pass, { apiKey: 'wrong-key' })
    await expect(running[0]).rejects.toMatchObject({ code: 'SL-PLATFORM-REFUSES' })
    expect(failures).toHaveLength(10)
  })
})
