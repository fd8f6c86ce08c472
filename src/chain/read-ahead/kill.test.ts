import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDevnet } from '../../devnet'
import { readBlocks } from '../recording/test-processor'
import { startReadAhead } from './read-ahead'

const root = path.resolve(__dirname, '../../..')
const KILLS = 8
const LONGEST_LIFE_MS = 120

describe('a process that is killed while it writes the block cache', () => {
  let dir: string
  let script: string
  beforeAll(async () => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'subledger-kill-'))
    await build({
      configFile: false,
      logLevel: 'error',
      root,
      build: {
        ssr: path.join(__dirname, 'test-cache-writer.ts'),
        outDir: dir,
        rolldownOptions: { output: { format: 'cjs', entryFileNames: 'writer.cjs' } },
      },
    })
    script = path.join(dir, 'writer.cjs')
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  const start = async (upstreamUrl: string, cacheDir: string): Promise<ChildProcess> => {
    const env = { ...process.env, NODE_PATH: path.join(root, 'node_modules') }
    const child = spawn(process.execPath, [script, upstreamUrl, cacheDir], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout!, 'data')
    return child
  }

  it('leaves a cache from which the right blocks are served', async () => {
    const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Date.now() % 100_000)
    console.log(`repeat with SUBLEDGER_TEST_SEED=${seed}`)
    const devnet = await startDevnet({ initialBlocks: 600 })
    const cacheDir = path.join(dir, 'cache')
    let random = seed
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = await start(devnet.wsUrl, cacheDir)
      const ended = once(child, 'exit')
      random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
      await wait(random % LONGEST_LIFE_MS)
      // The last one lives until something is cached, or a slow machine would show nothing.
      while (kill === KILLS - 1 && !hasCachedRange(cacheDir)) await wait(50)
      child.kill('SIGKILL')
      await ended
    }
    const readAhead = await startReadAhead({ upstreamUrl: devnet.wsUrl, cacheDir })
    const blocks = await readBlocks(readAhead.url, 0)
    expect(readAhead.stats().cachedBlocks).toBeGreaterThan(0)
    await readAhead.close()
    expect(blocks).toEqual(await readBlocks(devnet.wsUrl, 0))
    expect(unfinishedFiles(cacheDir)).toEqual([])
    await devnet.close()
  }, 60_000)
})

/** A finished range is a file of ten digits. */
const hasCachedRange = (dir: string): boolean =>
  existsSync(dir) &&
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).some((name) => /^\d{10}$/.test(path.basename(name)))

const unfinishedFiles = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((it) => it.includes('.unfinished-'))
