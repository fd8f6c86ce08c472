import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { ScriptBehaviour } from '../../devnet/players/caster/script-sandboxes'
import { LedgerError } from '../../errors/ledger-error'
import { testBatch, testClaim } from './test-platform'
import { TestBench } from './test-validator'

const GOOD = '# good\n'
const BAD = '# bad\n'
const good: ScriptBehaviour = () => ({ verdict: 1, justification: 'because' })
const never = new Promise<never>(() => undefined)

/** A script that is good on every claim but the first. */
const badOnce =
  (bad: ScriptBehaviour): ScriptBehaviour =>
  (request, call) =>
    call.claimId === 'claim-1' ? bad(request, call) : good(request, call)

describe('a fault of one answer', () => {
  let bench: TestBench
  afterEach(() => bench?.close())

  it.each<[string, ScriptBehaviour, string]>([
    ['a verdict that is no option', () => ({ verdict: 5, justification: 'x' }), 'invalid_verdict'],
    ['a verdict that is no number', () => ({ verdict: '1', justification: 'x' }), 'invalid_verdict'],
    ['no object', () => 'yes', 'invalid_response'],
    ['an empty justification', () => ({ verdict: 1, justification: ' \n' }), 'empty_justification'],
    [
      'an unknown key in a citation',
      () => cited([{ receipt_id: 'a', result_id: 'b', url: 'c' }]),
      'invalid_citation',
    ],
    [
      'more citations than any answer needs',
      () => cited(Array.from({ length: 201 }, () => ({ receipt_id: 'a', result_id: 'b' }))),
      'invalid_citation',
    ],
    ['a flood', () => ({ verdict: 1, justification: 'x'.repeat(20_000_000) }), 'invalid_response'],
    ['no answer in time', () => never, 'timeout'],
    [
      'an exception',
      () => {
        throw new Error('boom')
      },
      'sandbox_invocation_failed',
    ],
    [
      'the end of its sandbox',
      (_, { crash }) => {
        crash()
        return never
      },
      'sandbox_invocation_failed',
    ],
  ])('costs that cell alone: %s', async (_, bad, code) => {
    bench = await TestBench.start({
      sandboxTimes: {
        startDelayMs: 0,
        healthTimeoutMs: 10_000,
        clientTimeoutMs: code === 'timeout' ? 400 : 20_000,
      },
    })
    bench.behaviours.set(GOOD, good).set(BAD, badOnce(bad))
    const scripts = [BAD, GOOD]
    const done = await bench.run(testBatch(1, scripts, [testClaim(1), testClaim(2)]), scripts)
    expect(done.status).toBe('completed')
    const [first, ...others] = done.miner_task_results
    expect(first).toMatchObject({
      status: 'failed',
      error_code: code,
      response: null,
      citations: [],
      score: { verdict_score: 0, support_score: 0, total: 0, grader_model: null, grader_rationale: null },
      session: { used_micro_usd: '0' },
    })
    expect(others.map(({ status, score }) => [status, score.total])).toEqual([
      ['answered', 1],
      ['answered', 1],
      ['answered', 1],
    ])
    expect(bench.sandboxes.left).toBe(0)
  })

  it('is no verdict, even where the published placeholder −1 would be the right one', async () => {
    bench = await TestBench.start()
    bench.behaviours.set(BAD, () => 'nothing')
    const claim = testClaim(1, { reference_answer: { verdict: -1, justification: 'No.' } })
    const done = await bench.run(testBatch(1, [BAD], [claim]), [BAD])
    expect(done.miner_task_results[0]).toMatchObject({ status: 'failed', score: { total: 0 } })
    expect(bench.grader.asked).toEqual([])
  })
})

const cited = (citations: unknown[]) => ({ verdict: 1, justification: 'x', citations })

describe('a sandbox', () => {
  let bench: TestBench
  afterEach(() => bench?.close())

  it('that does not start fails the cells of its script alone', async () => {
    bench = await TestBench.start()
    bench.behaviours.set(GOOD, good)
    const scripts = [BAD, GOOD]
    const done = await bench.run(testBatch(1, scripts, [testClaim(1), testClaim(2)]), scripts)
    const shown = done.miner_task_results.map(({ uid, error_code, session }) => [
      uid,
      error_code,
      session === null,
    ])
    expect(shown).toEqual([
      [1, 'sandbox_start_failed', true],
      [1, 'sandbox_start_failed', true],
      [2, null, false],
      [2, null, false],
    ])
    expect(bench.sandboxes.started).toHaveLength(2)
  })

  it('that its script ends on every claim is not started for ever', async () => {
    bench = await TestBench.start()
    bench.behaviours.set(BAD, (_, { crash }) => {
      crash()
      return never
    })
    const claims = Array.from({ length: 7 }, (_, n) => testClaim(n))
    const done = await bench.run(testBatch(1, [BAD], claims), [BAD])
    const codes = done.miner_task_results.map(({ error_code }) => error_code)
    expect(codes).toEqual([
      ...Array.from({ length: 4 }, () => 'sandbox_invocation_failed'),
      ...Array.from({ length: 3 }, () => 'agent_unavailable'),
    ])
    expect(bench.sandboxes.started).toHaveLength(4)
  })

  it('is shared by all claims of its script, one after the other', async () => {
    bench = await TestBench.start()
    let running = 0
    let most = 0
    bench.behaviours.set(GOOD, async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 10))
      running--
      return good({} as never, {} as never)
    })
    await bench.run(testBatch(1, [GOOD], [testClaim(1), testClaim(2), testClaim(3)]), [GOOD])
    expect([most, bench.sandboxes.started.length]).toEqual([1, 1])
  })

  it('runs beside others, no more than are allowed', async () => {
    bench = await TestBench.start({ parallelScripts: 2 })
    const scripts = Array.from({ length: 5 }, (_, n) => `# script ${n}\n`)
    let running = 0
    let most = 0
    for (const script of scripts)
      bench.behaviours.set(script, async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 30))
        running--
        return { verdict: 1, justification: 'because' }
      })
    const done = await bench.run(testBatch(1, scripts, [testClaim(1)]), scripts)
    expect([done.completed, most]).toEqual([5, 2])
  })
})

describe('an artifact', () => {
  let bench: TestBench
  afterEach(() => bench?.close())

  it.each([
    ['other bytes of the same size', '# BAD\n'],
    ['fewer bytes', '# ba'],
    ['more bytes than any script has', 'x'.repeat(256_001)],
  ])('that comes with %s is never run', async (_, served) => {
    bench = await TestBench.start({ fetchAttempts: 2 })
    bench.behaviours.set(GOOD, good).set(served, good)
    const scripts = [BAD, GOOD]
    const spec = testBatch(1, scripts, [testClaim(1)])
    bench.platform.serve(spec, [served, GOOD])
    await bench.platform.send(bench.url, spec)
    const done = await bench.platform.finished(bench.url, spec.batch_id)
    expect(done.miner_task_results.map(({ error_code }) => error_code)).toEqual(['agent_unavailable', null])
    const hashes = bench.sandboxes.started.map(({ mounts }) => mounts![0]!.hostPath.slice(-64))
    expect(hashes).not.toContain(createHash('sha256').update(BAD).digest('hex'))
  })

  it('that cannot be had fails the batch with a reason, not the miner; sent again it goes on', async () => {
    bench = await TestBench.start({ fetchAttempts: 2, parallelScripts: 1 })
    bench.behaviours.set(GOOD, good).set(BAD, good)
    const scripts = [GOOD, BAD]
    const spec = testBatch(1, scripts, [testClaim(1), testClaim(2)])
    bench.platform.serve(spec, scripts)
    bench.platform.artifacts.delete(spec.candidates[1]!.artifact_id)
    await bench.platform.send(bench.url, spec)
    const failed = await bench.platform.finished(bench.url, spec.batch_id)
    expect(failed).toMatchObject({
      status: 'failed',
      error: 'artifact_unavailable',
      completed: 2,
      remaining: 2,
      miner_task_results: [],
    })
    const status = await fetch(`${bench.url}/validator/status`).then((response) => response.json())
    expect(status).toMatchObject({ status: 'error', last_batch_id: spec.batch_id })
    const done = await bench.run(spec, scripts)
    expect(done).toMatchObject({ status: 'completed', error: null, completed: 4 })
    expect(bench.grader.asked).toHaveLength(4)
  })

  it('is fetched once for all batches', async () => {
    bench = await TestBench.start()
    bench.behaviours.set(GOOD, good)
    await bench.run(testBatch(1, [GOOD], [testClaim(1)]), [GOOD])
    await bench.run(testBatch(2, [GOOD], [testClaim(1)]), [GOOD])
    expect(bench.platform.asked).toHaveLength(1)
  })
})

describe('a batch', () => {
  let bench: TestBench
  afterEach(() => bench?.close())

  it('fails as a whole when the grader cannot be reached: no miner gets a zero for it', async () => {
    bench = await TestBench.start({
      grader: {
        model: 'gone',
        judge: () =>
          Promise.reject(new LedgerError('SL-GRADER-UNAVAILABLE', 'retryable', 'Gone.', { remedy: 'Wait.' })),
      },
    })
    bench.behaviours.set(GOOD, good)
    const done = await bench.run(testBatch(1, [GOOD], [testClaim(1)]), [GOOD])
    expect(done).toMatchObject({ status: 'failed', error: 'grader_unavailable', completed: 0 })
  })

  it('is given up at its end', async () => {
    bench = await TestBench.start({ sandboxTimes: { startDelayMs: 0, clientTimeoutMs: 60_000 } })
    bench.behaviours.set(GOOD, () => never)
    const done = await bench.run(testBatch(1, [GOOD], [testClaim(1)], 300), [GOOD])
    expect(done).toMatchObject({ status: 'failed', error: 'batch_closed' })
    expect(bench.sandboxes.left).toBe(0)
  })

  it('waits for the one before it', async () => {
    bench = await TestBench.start()
    const order: string[] = []
    bench.behaviours.set(GOOD, async (request) => {
      order.push(request.claim_text)
      return { verdict: 1, justification: 'because' }
    })
    const [one, two] = [1, 2].map((n) => testBatch(n, [GOOD], [testClaim(n), testClaim(n + 10)]))
    for (const spec of [one!, two!]) bench.platform.serve(spec, [GOOD])
    await Promise.all([bench.platform.send(bench.url, one!), bench.platform.send(bench.url, one!)])
    await bench.platform.send(bench.url, two!)
    await bench.platform.finished(bench.url, two!.batch_id)
    expect(order).toEqual(['Claim number 1', 'Claim number 11', 'Claim number 2', 'Claim number 12'])
  })
})
