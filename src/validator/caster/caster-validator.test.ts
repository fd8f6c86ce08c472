import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '../../mechanisms/sha256-hex'
import { signedHeaders } from './platform/signed-request'
import { testBatch, testClaim, uuid } from './test-platform'
import { NOBODY, STRANGER, TestBench, VALIDATOR } from './test-validator'

const GOOD = '# good\n'
const WRONG = '# wrong\n'

describe('a Caster validator', () => {
  let bench: TestBench
  afterEach(() => bench?.close())

  it('runs every script on every claim and reports answers, citations, scores and receipts', async () => {
    bench = await TestBench.start()
    bench.behaviours.set(GOOD, async (_, { claimId, tool }) => {
      const { body } = await tool('search_web', { query: claimId })
      const citations = [{ receipt_id: body.receipt_id, result_id: body.results[1].result_id }]
      return {
        verdict: 1,
        justification: 'because it says so',
        citations,
        mood: 'unknown fields are ignored',
      }
    })
    bench.behaviours.set(WRONG, () => ({ verdict: -1, justification: 'no' }))
    const scripts = [GOOD, WRONG]
    const spec = testBatch(1, scripts, [testClaim(1), testClaim(2)])
    const done = await bench.run(spec, scripts)
    expect(done).toMatchObject({ status: 'completed', error: null, total: 4, completed: 4, remaining: 0 })
    const [first, , third] = done.miner_task_results
    const receipt = first!.receipts[0]!
    expect(first).toEqual({
      batch_id: spec.batch_id,
      artifact_id: uuid(2, 1),
      claim_id: 'claim-1',
      uid: 1,
      status: 'answered',
      error_code: null,
      response: {
        verdict: 1,
        justification: 'because it says so',
        citations: [{ receipt_id: receipt.receipt_id, result_id: receipt.metadata.results[1]!.result_id }],
      },
      citations: [
        {
          receipt_id: receipt.receipt_id,
          result_id: receipt.metadata.results[1]!.result_id,
          url: 'https://e.org/claim-1/2',
          note: 'two',
        },
      ],
      score: {
        verdict_score: 0.5,
        support_score: 0.5,
        total: 1,
        grader_model: 'test/grader',
        grader_rationale: 'it was looked for',
      },
      session: {
        session_id: receipt.session_id,
        budget_micro_usd: '50000',
        used_micro_usd: '2500',
        opened_at: expect.stringMatching(/Z$/),
        closed_at: expect.stringMatching(/Z$/),
      },
      elapsed_ms: expect.any(Number),
      receipts: [
        {
          receipt_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          uid: 1,
          tool: 'search_web',
          issued_at: expect.stringMatching(/Z$/),
          outcome: 'ok',
          metadata: {
            request_hash: sha256Hex('{"args":[],"kwargs":{"query":"claim-1"}}'),
            response_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
            results: [
              {
                index: 0,
                result_id: expect.any(String),
                url: 'https://e.org/claim-1/1',
                note: 'one',
                title: 'T1',
              },
              {
                index: 1,
                result_id: expect.stringMatching(/^[0-9a-f]{32}$/),
                url: 'https://e.org/claim-1/2',
                note: 'two',
                title: 'T2',
              },
            ],
            result_policy: 'referenceable',
            cost_usd: 0.0025,
            cost_micro_usd: '2500',
          },
        },
      ],
    })
    expect(third).toMatchObject({
      artifact_id: uuid(2, 2),
      status: 'answered',
      score: { verdict_score: 0, support_score: 0, total: 0, grader_model: null, grader_rationale: null },
    })
    // Only right verdicts are worth a grader's call.
    expect(bench.grader.asked).toHaveLength(2)
    expect(bench.grader.asked[0]!.citations).toEqual(['two'])
    expect(bench.sandboxes.left).toBe(0)
    const sessions = done.miner_task_results.map(({ session }) => session!.session_id)
    expect(new Set(sessions).size).toBe(4)
    const status = await fetch(`${bench.url}/validator/status`).then((response) => response.json())
    expect(status).toEqual({
      status: 'idle',
      last_batch_id: spec.batch_id,
      queued_batches: 0,
      last_weight_submission_at: null,
      last_weight_error: null,
    })
  })

  it('gives a sandbox the script under its fixed name and nothing that it could misuse', async () => {
    bench = await TestBench.start({ network: 'caster-gateway' })
    bench.behaviours.set(GOOD, () => ({ verdict: 1, justification: 'yes' }))
    await bench.run(testBatch(1, [GOOD], [testClaim(1)]), [GOOD])
    const folder = path.join(bench.dataDir, 'caster/scripts', sha256Hex(GOOD))
    expect(bench.sandboxes.started).toEqual([
      {
        image: 'caster/sandbox:test',
        purpose: 'caster-script',
        env: {
          SANDBOX_HOST: '0.0.0.0',
          SANDBOX_PORT: '8000',
          CASTER_AGENT_PATH: '/script/agent.py',
          CASTER_TOKEN_HEADER: 'x-caster-token',
          ENTRYPOINT_TIMEOUT_SECONDS: '120',
        },
        httpPort: 8000,
        network: { only: 'caster-gateway' },
        limits: {
          memoryBytes: 1_073_741_824,
          cpus: 1,
          maxProcesses: 128,
          maxOpenFiles: 512,
          scratchBytes: 67_108_864,
        },
        mounts: [{ hostPath: folder, path: '/script', isReadOnly: true }],
      },
    ])
    expect(existsSync(path.join(folder, 'agent.py'))).toBe(true)
    expect(bench.sandboxes.swept).toEqual(['caster-script'])
  })

  it('tells no result before all are there', async () => {
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    bench = await TestBench.start({ sandboxTimes: { startDelayMs: 0, clientTimeoutMs: 10_000 } })
    bench.behaviours.set(GOOD, async (_, { claimId }) => {
      if (claimId === 'claim-2') await released
      return { verdict: 1, justification: 'yes' }
    })
    const spec = testBatch(1, [GOOD], [testClaim(1), testClaim(2)])
    bench.platform.serve(spec, [GOOD])
    await bench.platform.send(bench.url, spec)
    await expect
      .poll(() => bench.platform.progress(bench.url, spec.batch_id))
      .toMatchObject({ status: 'running', total: 2, completed: 1, remaining: 1, miner_task_results: [] })
    release()
    const done = await bench.platform.finished(bench.url, spec.batch_id)
    expect(done.miner_task_results).toHaveLength(2)
  })

  it('stops at once and goes on with what is left when it starts again', async () => {
    bench = await TestBench.start()
    let begun = 0
    const scripts = [GOOD, WRONG]
    const spec = testBatch(1, scripts, [testClaim(1), testClaim(2)])
    bench.behaviours.set(GOOD, () => ({ verdict: 1, justification: 'yes' }))
    bench.behaviours.set(WRONG, () => {
      begun++
      return begun === 1 ? new Promise(() => undefined) : { verdict: -1, justification: 'no' }
    })
    bench.platform.serve(spec, scripts)
    await bench.platform.send(bench.url, spec)
    await expect.poll(() => bench.platform.progress(bench.url, spec.batch_id)).toMatchObject({ completed: 2 })
    await expect.poll(() => begun).toBe(1)
    await bench.validator.close()
    expect(bench.sandboxes.left).toBe(0)
    await bench.startValidator()
    const status = await fetch(`${bench.url}/validator/status`).then((response) => response.json())
    expect(status).toMatchObject({ status: 'running', last_batch_id: spec.batch_id })
    const done = await bench.platform.finished(bench.url, spec.batch_id)
    expect([done.status, done.completed, begun, bench.faults]).toEqual(['completed', 4, 3, []])
    // Finished ones are told after a restart too, and not run again.
    await bench.validator.close()
    await bench.startValidator()
    expect(await bench.platform.progress(bench.url, spec.batch_id)).toEqual(done)
    const idle = await fetch(`${bench.url}/validator/status`).then((response) => response.json())
    expect(idle).toMatchObject({ status: 'idle', last_batch_id: spec.batch_id, queued_batches: 0 })
  })

  it('accepts the same batch again and never another one under its id', async () => {
    bench = await TestBench.start()
    bench.behaviours.set(GOOD, () => ({ verdict: 1, justification: 'yes' }))
    const spec = testBatch(1, [GOOD], [testClaim(1)])
    await bench.run(spec, [GOOD])
    const reordered = Object.fromEntries(Object.entries(spec).reverse())
    const again = await bench.platform.send(bench.url, reordered)
    expect([again.status, await again.json()]).toEqual([
      200,
      { status: 'accepted', batch_id: spec.batch_id, caller: bench.platform.signer.address },
    ])
    const other = await bench.platform.send(bench.url, { ...spec, champion_uid: 3 })
    expect([other.status, await other.json()]).toMatchObject([409, { detail: 'batch_conflict' }])
    expect(bench.sandboxes.started).toHaveLength(1)
  })

  it.each([
    ['another entry point', { entrypoint: 'query' }],
    ['no claims', { claims: [] }],
    ['a claim twice', { claims: [testClaim(1), testClaim(1)] }],
    [
      'a reference that is no option',
      { claims: [testClaim(1, { reference_answer: { verdict: 0, justification: '' } })] },
    ],
    ['a budget that is no integer', { claims: [testClaim(1, { budget_micro_usd: '0.05' })] }],
    [
      'a script beyond the largest',
      {
        candidates: [{ uid: 1, artifact_id: uuid(2, 1), content_hash: 'a'.repeat(64), size_bytes: 256_001 }],
      },
    ],
  ])('refuses a batch with %s as a whole', async (_, over) => {
    bench = await TestBench.start()
    const response = await bench.platform.send(bench.url, {
      ...testBatch(1, [GOOD], [testClaim(1)]),
      ...over,
    })
    expect([response.status, await response.json()]).toMatchObject([422, { detail: 'batch_invalid' }])
  })

  describe('takes calls of the platform', () => {
    const PATH = '/validator/miner-task-batches/batch'

    it.each([
      ['without a signature', {}, 401, 'missing_signature'],
      ['with a header of another form', { authorization: 'Bearer x' }, 401, 'invalid_signature'],
      [
        'with a signature of nothing',
        { authorization: `Bittensor ss58="${VALIDATOR.address}",sig="${'0'.repeat(128)}"` },
        401,
        'invalid_signature',
      ],
    ])('not %s', async (_, headers, status, detail) => {
      bench = await TestBench.start()
      for (const [method, url] of [
        ['POST', PATH],
        ['GET', `/validator/miner-task-batches/${uuid(1, 1)}/progress`],
      ] as const) {
        const response = await fetch(`${bench.url}${url}`, { method, headers })
        expect([response.status, await response.json()]).toMatchObject([status, { detail }])
      }
    })

    it.each([
      ['whose hotkey belongs to somebody else', STRANGER, 'foreign_hotkey'],
      ['whose hotkey nobody owns', NOBODY, 'unknown_hotkey'],
    ])('not of one %s', async (_, signer, detail) => {
      bench = await TestBench.start()
      const response = await bench.platform.send(bench.url, testBatch(1, [GOOD], [testClaim(1)]), signer)
      expect([response.status, await response.json()]).toMatchObject([403, { detail }])
    })

    it('not with another body than was signed', async () => {
      bench = await TestBench.start()
      const spec = testBatch(1, [GOOD], [testClaim(1)])
      const headers = signedHeaders(
        {
          baseUrl: bench.url,
          method: 'POST',
          pathQs: PATH,
          body: JSON.stringify(spec),
          signer: bench.platform.signer,
          isStrict: false,
          timeoutMs: 0,
        },
        Date.now(),
      )
      const response = await fetch(`${bench.url}${PATH}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ ...spec, champion_uid: 1 }),
      })
      expect([response.status, await response.json()]).toMatchObject([401, { detail: 'invalid_signature' }])
    })

    it('and says so when the chain does not answer', async () => {
      bench = await TestBench.start({ ownership: () => Promise.reject(new Error('no node')) })
      const response = await bench.platform.send(bench.url, testBatch(1, [GOOD], [testClaim(1)]))
      expect([response.status, await response.json()]).toMatchObject([503, { detail: 'chain_unavailable' }])
    })

    it('once each in strict mode', async () => {
      bench = await TestBench.start({ isStrict: true })
      const spec = testBatch(1, [GOOD], [testClaim(1)])
      const plain = await bench.platform.send(bench.url, spec)
      expect([plain.status, await plain.json()]).toMatchObject([401, { detail: 'timestamp_invalid' }])
      const call = async (atMs: number, headers?: Record<string, string>) => {
        const body = JSON.stringify(spec)
        const request = {
          baseUrl: bench.url,
          method: 'POST',
          pathQs: PATH,
          body,
          isStrict: true,
          timeoutMs: 0,
        } as const
        const signed = headers ?? signedHeaders({ ...request, signer: bench.platform.signer }, atMs)
        const sent = { ...signed, 'content-type': 'application/json' }
        const response = await fetch(`${bench.url}${PATH}`, { method: 'POST', headers: sent, body })
        return { status: response.status, ...((await response.json()) as object), headers: signed }
      }
      expect(await call(Date.now() - 300_000)).toMatchObject({ status: 401, detail: 'timestamp_skew' })
      const first = await call(Date.now())
      expect(first).toMatchObject({ status: 'accepted' })
      expect(await call(0, first.headers)).toMatchObject({ status: 401, detail: 'nonce_replayed' })
      // The nonce is signed: another one does not go with the signature.
      const forged = { ...first.headers, 'x-caster-nonce': 'another-nonce-of-24-chars' }
      expect(await call(0, forged)).toMatchObject({ status: 401, detail: 'invalid_signature' })
    })
  })
})
