import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestIndexer, type TestIndexer } from '../chain/processor/test-indexer'
import { startScenario } from '../devnet/scenario/start-scenario'

const root = path.resolve(__dirname, '../..')
const BLOCKS = 240
const KILLS = 5
/** From the first commit that is seen, so that the start of the process does not count. */
const LONGEST_LIFE_MS = 500
const LATENCY_MS = 15

const TABLES = ['tenure', 'commitment', 'first_submission', 'weight_set', 'weight_commit', 'emission']

async function contents({ reader }: TestIndexer): Promise<string> {
  const tables: unknown[] = []
  for (const table of TABLES) {
    const { rows } = await reader.query(`select to_jsonb(t)::text as row from ${table} t order by 1`)
    tables.push(rows)
  }
  return JSON.stringify(tables)
}

describe('an indexer process that is killed at random moments', () => {
  let dir: string
  let script: string

  beforeAll(async () => {
    // Below the project, since the program finds its migrations by looking upwards.
    const cache = path.join(root, 'node_modules/.cache')
    mkdirSync(cache, { recursive: true })
    dir = mkdtempSync(path.join(cache, 'subledger-kill-'))
    await build({
      configFile: false,
      logLevel: 'error',
      root,
      build: {
        ssr: path.join(__dirname, 'test-indexer-process.ts'),
        outDir: dir,
        rolldownOptions: { output: { format: 'cjs', entryFileNames: 'indexer.cjs' } },
      },
    })
    script = path.join(dir, 'indexer.cjs')
  }, 60_000)
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it('loses nothing and writes nothing twice: roots and read models are those of one undisturbed run', async () => {
    const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Date.now() % 100_000)
    console.log(`repeat with SUBLEDGER_TEST_SEED=${seed}`)
    const devnet = await startScenario({ seed: 5, historyBlocks: BLOCKS })
    const start = (url: string): ChildProcess =>
      spawn(process.execPath, [script, devnet.wsUrl, devnet.genesisHash, url, String(BLOCKS)], {
        env: { ...process.env, NODE_PATH: path.join(root, 'node_modules'), SQD_INFO: '', SQD_WARN: '' },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
    const whole = await createTestIndexer(devnet)
    const [code] = await once(start(whole.url), 'exit')
    expect(code).toBe(0)

    devnet.faults.latency(LATENCY_MS)
    const killed = await createTestIndexer(devnet)
    let random = seed
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = start(killed.url)
      const ended = once(child, 'exit')
      const before = await killed.height()
      while ((await killed.height()) === before && child.exitCode === null && before < BLOCKS) await wait(10)
      random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
      await wait(random % LONGEST_LIFE_MS)
      child.kill('SIGKILL')
      await ended
    }
    devnet.faults.latency(0)
    expect(await once(start(killed.url), 'exit')).toEqual([0, null])
    expect(await killed.height()).toBe(BLOCKS)
    expect(await killed.roots()).toBe(await whole.roots())
    expect(await contents(killed)).toBe(await contents(whole))
    await Promise.all([whole.close(), killed.close(), devnet.close()])
  }, 120_000)
})
