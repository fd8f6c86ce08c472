import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { append } from '../../log/append'
import { tableRules } from '../all'
import { Projector } from '../projector'
import { randomDrafts } from '../test-random-log'
import { rebuild } from './rebuild'
import { STAGING } from './staging'

const root = path.resolve(__dirname, '../../..')
const EVENTS = 3_000

describe('a rebuild that is killed', () => {
  let dir: string
  let database: TestDatabase
  let client: Client
  let before: string

  const contents = async () => {
    const tables: unknown[] = []
    for (const table of Object.keys(tableRules)) {
      tables.push((await client.query(`select t::text as row from ${table} t order by 1`)).rows)
    }
    return JSON.stringify(tables)
  }
  const start = () =>
    spawn(process.execPath, [path.join(dir, 'rebuild.cjs'), database.url], {
      env: { ...process.env, NODE_PATH: path.join(root, 'node_modules') },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  const killAt = async (child: ChildProcess, word: string) => {
    const ended = once(child, 'exit')
    for await (const text of child.stdout!) if (String(text).includes(word)) break
    child.kill('SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])
    // PostgreSQL hears of it when it next looks at the connection.
    for (;;) {
      const { rows } = await client.query(
        `select 1 from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()
         and database = (select oid from pg_database where datname = current_database())`,
      )
      if (rows.length === 0) return
      await sleep(20)
    }
  }
  const staged = async () =>
    (await client.query('select 1 from pg_namespace where nspname = $1', [STAGING])).rows.length

  beforeAll(async () => {
    const cache = path.join(root, 'node_modules/.cache')
    mkdirSync(cache, { recursive: true })
    dir = mkdtempSync(path.join(cache, 'subledger-kill-rebuild-'))
    await build({
      configFile: false,
      logLevel: 'error',
      root,
      build: {
        ssr: path.join(__dirname, 'test-rebuild-process.ts'),
        outDir: dir,
        rolldownOptions: { output: { format: 'cjs', entryFileNames: 'rebuild.cjs' } },
      },
    })
    database = await createTestDatabase()
    client = new Client({ connectionString: database.url })
    await client.connect()
    await client.query('begin')
    await new Projector().apply(client, await append(client, randomDrafts(5, EVENTS)))
    await client.query('commit')
    before = await contents()
  }, 60_000)
  afterAll(async () => {
    await client.end()
    await database.drop()
    rmSync(dir, { recursive: true, force: true })
  })

  it('while it folds: leaves the served tables as they are, and no row beside them', async () => {
    await killAt(start(), 'folding')
    expect(await contents()).toBe(before)
    const { rows } = await client.query(
      'select tablename from pg_tables where schemaname = $1 and tablename = $2',
      [STAGING, 'commitment'],
    )
    expect(rows).toEqual([])
  })

  it('before its switch: leaves the served tables; the next one clears up and works', async () => {
    const reader = new Client({ connectionString: database.url })
    await reader.connect()
    await reader.query('begin')
    await reader.query('select count(*) from tenure')
    await killAt(start(), 'waiting')
    await reader.query('commit')
    await reader.end()
    expect(await staged()).toBe(1)
    expect(await contents()).toBe(before)
    await rebuild({ url: database.url, names: 'all' })
    expect(await staged()).toBe(0)
    expect(await contents()).toBe(before)
  })
})
