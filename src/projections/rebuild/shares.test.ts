import { mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../../database/project-root'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { LedgerError } from '../../errors/ledger-error'
import { append } from '../../log/append'
import { projections } from '../all'
import { logOf } from '../fold/projection'
import { Projector } from '../projector'
import { randomDrafts } from '../test-random-log'
import type { Share } from './share'
import { buildShares, sharesOf } from './shares'
import { createStaging, STAGING } from './staging'

const COMPILED = path.join(projectRoot(), 'lib/src/projections/rebuild/share-thread.js')
const NOT_COMPILED = path.join(os.tmpdir(), 'no-such-thread.js')
/** A thread that ends without a word. */
const BROKEN = path.join(mkdtempSync(path.join(os.tmpdir(), 'subledger-thread-')), 'broken.js')
writeFileSync(BROKEN, 'process.exit(3)')
const SEED = 11
const EVENTS = 600

const ofChain = projections.filter((projection) => logOf(projection) === 'chain')
const tables = ofChain.flatMap((projection) => Object.keys(projection.tables))

let database: TestDatabase
let client: Client
beforeAll(async () => {
  database = await createTestDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query('begin')
  await new Projector().apply(client, await append(client, randomDrafts(SEED, EVENTS)))
  await client.query('commit')
})
afterAll(async () => {
  await client.end()
  await database.drop()
})
beforeEach(() => createStaging(client))

const shareOf = (names: readonly string[]): Share => ({
  url: database.url,
  names,
  heldMaxBytes: 100_000_000,
})

const build = (entry: string, onProgress: (share: number, events: number) => void = () => undefined) =>
  buildShares(
    sharesOf(ofChain).map((folds) => shareOf(folds.map(({ name }) => name))),
    onProgress,
    entry,
  )

const rowsIn = async (schema: string) => {
  const rows: Record<string, unknown[]> = {}
  for (const table of tables) {
    rows[table] = (await client.query(`select t::text as row from ${schema}.${table} t order by 1`)).rows
  }
  return rows
}

/** The log without one event, for as long as something is done. */
async function withoutOne(work: () => Promise<void>): Promise<void> {
  await client.query('create table holed as select * from log_event where not (netuid = 122 and seq = 10)')
  await client.query('alter table log_event rename to log_event_whole; alter table holed rename to log_event')
  try {
    await work()
  } finally {
    await client.query('drop table log_event; alter table log_event_whole rename to log_event')
  }
}

describe('the shares of a rebuild', () => {
  it('take every read model once', () => {
    const shared = sharesOf(projections).flat()
    expect(new Set(shared)).toEqual(new Set(projections))
    expect(shared.length).toBe(projections.length)
    expect(sharesOf(projections.filter(({ name }) => name === 'tenures')).length).toBe(1)
  })

  it.each([
    ['in threads', COMPILED],
    ['in one thread, when no other was compiled', NOT_COMPILED],
  ])('%s: give the rows of the indexer, all read equally far', async (_, entry) => {
    const told = new Set<number>()
    const [first, ...others] = await build(entry, (share) => told.add(share))
    expect([...told].sort()).toEqual([0, 1])
    expect([...first!.get('chain')!.values()].reduce((sum, size) => sum + size)).toBeGreaterThanOrEqual(
      EVENTS,
    )
    for (const positions of others) expect(positions).toEqual(first)
    expect(await rowsIn(STAGING)).toEqual(await rowsIn('public'))
  })

  it('say what a thread found wrong as if it had been found here', async () => {
    await withoutOne(async () => {
      // The first one is built here, and looks at no log of the chain.
      const shares = [shareOf(['refusals']), shareOf(['tenures'])]
      const failure = await buildShares(shares, () => undefined, COMPILED).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(LedgerError)
      expect(failure).toMatchObject({ code: 'SL-REBUILD-GAP', facts: { netuid: 122, wanted: 10 } })
    })
  })

  it('fail together: one that ends without a word leaves no connection behind', async () => {
    await expect(build(BROKEN)).rejects.toThrow('a thread of the rebuild ended with code 3')
    const { rows } = await client.query(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and query ilike 'copy%'`,
    )
    expect(rows[0].n).toBe(0)
  })
})
