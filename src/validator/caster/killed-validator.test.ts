import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHost, type TestHost } from './test-http-host'
import { signerFrom, TestPlatform, testBatch, testClaim } from './test-platform'

const root = path.resolve(__dirname, '../../..')
const SCRIPTS = ['s1\n', 's2\n', 's3\n', 's4\n']
const CLAIMS = Array.from({ length: 30 }, (_, n) => testClaim(n))
const KILLS = 4
const PARALLEL = 3
const LONGEST_LIFE_MS = 300

describe('a validator that is killed in the middle of a batch', () => {
  let dir: string
  let script: string
  let told: TestHost
  let platform: TestPlatform

  beforeAll(async () => {
    await cryptoWaitReady()
    const cache = path.join(root, 'node_modules/.cache')
    mkdirSync(cache, { recursive: true })
    dir = mkdtempSync(path.join(cache, 'subledger-caster-kill-'))
    await build({
      configFile: false,
      logLevel: 'error',
      root,
      build: {
        ssr: path.join(__dirname, 'test-validator-process.ts'),
        outDir: dir,
        rolldownOptions: { output: { format: 'cjs', entryFileNames: 'validator.cjs' } },
      },
    })
    script = path.join(dir, 'validator.cjs')
    told = await startTestHost(() => ({ body: {} }))
    platform = await TestPlatform.start(signerFrom('//CasterOwner'), signerFrom('//CasterValidator').address)
  }, 60_000)
  afterAll(async () => {
    await platform.close()
    await told.close()
    rmSync(dir, { recursive: true, force: true })
  })

  async function start(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
    const child = spawn(process.execPath, [script, platform.url, path.join(dir, 'data'), told.url], {
      env: { ...process.env, NODE_PATH: path.join(root, 'node_modules') },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(child.stdout!, 'data')) as [Buffer]
    return { child, url: line.toString().trim() }
  }

  it('goes on where it ended: every cell is reported once, and what was on disk is not run again', async () => {
    const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Date.now() % 100_000)
    console.log(`repeat with SUBLEDGER_TEST_SEED=${seed}`)
    const spec = testBatch(1, SCRIPTS, CLAIMS)
    platform.serve(spec, SCRIPTS)
    let random = seed
    let completedBefore = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, url } = await start()
      if (kill === 0) expect((await platform.send(url, spec)).status).toBe(200)
      const { completed } = await platform.progress(url, spec.batch_id)
      expect(completed).toBeGreaterThanOrEqual(completedBefore)
      random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
      await wait(50 + (random % LONGEST_LIFE_MS))
      completedBefore = (await platform.progress(url, spec.batch_id)).completed
      // Else nothing would be tested.
      if (kill === 0) expect(completedBefore).toBeLessThan(SCRIPTS.length * CLAIMS.length)
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    const { child, url } = await start()
    const done = await platform.finished(url, spec.batch_id)
    child.kill('SIGKILL')
    const cells = SCRIPTS.length * CLAIMS.length
    expect(done).toMatchObject({ status: 'completed', total: cells, completed: cells, remaining: 0 })
    const names = done.miner_task_results.map(({ artifact_id, claim_id }) => `${artifact_id}/${claim_id}`)
    expect(names).toEqual(
      spec.candidates.flatMap(({ artifact_id }) =>
        CLAIMS.map(({ claim_id }) => `${artifact_id}/${claim_id}`),
      ),
    )
    expect(done.miner_task_results.every(({ score }) => score.total === 1)).toBe(true)
    // Begun again is only what was under way when it was killed.
    const begun = told.seen.length
    expect(begun).toBeGreaterThanOrEqual(cells)
    expect(begun).toBeLessThanOrEqual(cells + KILLS * PARALLEL)
    // Each reported session is one that was really run.
    const sessions = new Set(told.seen.map(({ body }) => body.sessionId))
    const reported = done.miner_task_results.map(({ session }) => session!.session_id)
    expect(reported.every((id) => sessions.has(id))).toBe(true)
    expect(new Set(reported).size).toBe(cells)
  })
})
