import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { logHead } from '../log/read'
import { sampleDrafts, sampleHash } from '../log/sample-drafts'
import { verifyLogs } from '../log/verify-log'
import { startEmbeddedPostgres } from './embedded/server'
import { LedgerDatabase } from './ledger-database'
import { migrate } from './migrate'

const folder = mkdtempSync(path.join(os.tmpdir(), 'subledger-full-'))
const mount = (...options: string[]) => spawnSync('mount', [...options, folder]).status === 0
const canMount = process.geteuid?.() === 0 && mount('-t', 'tmpfs', '-o', 'size=96m', 'subledger-test')

const BATCH_EVENTS = 2_000
const BATCHES_MAX = 200
const identity = { genesisHash: sampleHash(1), network: 'devnet', netuids: 'all' } as const
const block = (n: number) =>
  n === 0 ? { height: -1, hash: '0x' } : { height: 100 + n * 200, hash: sampleHash(n) }

describe.skipIf(!canMount)('a full disk (needs root, to mount a small one)', () => {
  afterAll(() => {
    spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  })

  /** Indexes from batch `from` until `to` or an error; how many batches are in, and what stopped it. */
  async function index(url: string, from: number, to: number): Promise<{ done: number; error?: unknown }> {
    const database = new LedgerDatabase({ url, identity })
    try {
      await database.connect()
      for (let n = from; n < to; n++) {
        const info = { prevHead: block(n), nextHead: block(n + 1), isOnTop: false }
        try {
          await database.transact(info, async (store) => {
            await store.append(sampleDrafts(BATCH_EVENTS, { from: n * BATCH_EVENTS }))
          })
        } catch (error) {
          return { done: n, error }
        }
      }
      return { done: to }
    } finally {
      await database.disconnect().catch(() => undefined)
    }
  }

  it('stops the indexer with a remedy; with more room it goes on where it was', async () => {
    const first = await startEmbeddedPostgres({ dataDir: folder })
    await migrate(first.url)
    const { done, error } = await index(first.url, 0, BATCHES_MAX)
    expect(error).toMatchObject({ code: expect.stringMatching(/^SL-(DISK-FULL|DB-LOST)$/) })
    expect(done).toBeGreaterThan(0)
    await first.stop()
    await expect(startIfRoom()).resolves.toMatch(/^(started|SL-DISK-FULL)$/)

    expect(mount('-o', 'remount,size=512m')).toBe(true)
    const second = await startEmbeddedPostgres({ dataDir: folder })
    const client = new Client({ connectionString: second.url })
    await client.connect()
    try {
      const { size } = (await logHead(client, { log: 'chain', netuid: 122 }))!
      expect([done * BATCH_EVENTS, (done + 1) * BATCH_EVENTS]).toContain(size)
      expect((await index(second.url, size / BATCH_EVENTS, done + 5)).error).toBeUndefined()
      const [result] = await verifyLogs(client)
      expect(result).toMatchObject({ events: (done + 5) * BATCH_EVENTS })
      expect(result).not.toHaveProperty('difference')
    } finally {
      await client.end()
      await second.stop()
    }
  })

  /** Whether a server can start on the full disk depends on where the last byte went; the words must fit either way. */
  async function startIfRoom(): Promise<string> {
    try {
      const server = await startEmbeddedPostgres({ dataDir: folder })
      await server.stop()
      return 'started'
    } catch (error) {
      return String((error as { code?: string }).code)
    }
  }
})
