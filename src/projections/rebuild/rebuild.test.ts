import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { append } from '../../log/append'
import type { EventDraft } from '../../log/envelope'
import { projections, tableRules } from '../all'
import { Projector } from '../projector'
import { randomDrafts } from '../test-random-log'
import { rebuild } from './rebuild'
import { STAGING } from './staging'

const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const EVENTS = 1_200
/** So little that every table outgrows it. */
const NEXT_TO_NO_BYTES = 500

const blockHash = `0x${'22'.repeat(32)}`
const ACTOR = `0x${'77'.repeat(32)}`

/** A few events of the other logs, with what only they have: an actor, text of strangers, an idempotency key. */
function otherDrafts(netuid: number): EventDraft[] {
  const place = { netuid, subnetInstance: 3, height: 500_000, blockHash, blockTime: 1_700_000_000_123 }
  return Array.from({ length: 40 }, (_, n) => ({
    ...place,
    log: 'platform',
    type: 'CommandRefused',
    actor: ACTOR,
    idempotencyKey: `key-${n}`,
    payload: {
      system: 'test',
      command: 'submit',
      code: 'NO',
      status: 422,
      reason: `tab\tnewline\nback\\slash "quoted" NUL\0 ünïcode ${n}`,
      subject: n % 3 === 0 ? null : `agent-${n}`,
      requestHash: null,
      at: 1_700_000_000_123 + n,
    },
  }))
}

async function contents(client: Client, schema = 'public'): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {}
  for (const table of Object.keys(tableRules)) {
    const { rows } = await client.query(
      `select t::text as row from ${schema}.${table} t order by netuid, from_seq, id collate "C"`,
    )
    tables[table] = rows.map(({ row }) => row)
  }
  return tables
}

async function index(client: Client, drafts: readonly EventDraft[], projector = new Projector()) {
  await client.query('begin')
  await projector.apply(client, await append(client, drafts))
  await client.query('commit')
}

/** Indexes and keys with their definitions, in words that do not name a schema. */
async function shape(client: Client): Promise<unknown[]> {
  const { rows } = await client.query(
    `select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = any($1)
     union all select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
       where contype in ('p', 'u') and conrelid = any($1::text[]::regclass[])
     union all select attrelid::regclass::text, attname, attstorage::text || format_type(atttypid, null) || attnotnull::text from pg_attribute
       where attnum > 0 and not attisdropped and attrelid = any($1::text[]::regclass[])
     order by 1, 2, 3`,
    [Object.keys(tableRules)],
  )
  return rows
}

describe(`a rebuild (SUBLEDGER_TEST_SEED=${seed})`, () => {
  let database: TestDatabase
  let client: Client

  beforeAll(async () => {
    database = await createTestDatabase()
    client = new Client({ connectionString: database.url })
    await client.connect()
    await index(client, [...randomDrafts(seed, EVENTS), ...otherDrafts(122), ...otherDrafts(7)])
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  it('gives the very rows, keys and indexes that the indexer made, of every log', async () => {
    const [rows, before] = [await contents(client), await shape(client)]
    expect(rows.refused_command!.length).toBe(80)
    const { events } = await rebuild({ url: database.url, names: 'all' })
    expect(events).toBeGreaterThanOrEqual(EVENTS + 80)
    expect(await contents(client)).toEqual(rows)
    expect(await shape(client)).toEqual(before)
  })

  it('gives the same rows when they are too many for memory', async () => {
    const rows = await contents(client)
    await rebuild({ url: database.url, names: 'all', heldMaxBytes: NEXT_TO_NO_BYTES })
    expect(await contents(client)).toEqual(rows)
  })

  it('gives the same rows from a log that is stored out of order', async () => {
    const rows = await contents(client)
    // As if a rolled-back transaction had left room that later rows took.
    await client.query('create table mixed as select * from log_event order by md5(log || netuid || seq)')
    await client.query('alter table log_event rename to log_event_in_order')
    await client.query('alter table mixed rename to log_event')
    try {
      await rebuild({ url: database.url, names: ['commitments', 'tenures', 'weight_sets'] })
      expect(await contents(client)).toEqual(rows)
    } finally {
      await client.query('drop table log_event')
      await client.query('alter table log_event_in_order rename to log_event')
    }
  })

  it('stops at a hole in the log and leaves everything as it was', async () => {
    const rows = await contents(client)
    await client.query('create table holed as select * from log_event where not (netuid = 122 and seq = 10)')
    await client.query('alter table log_event rename to log_event_whole')
    await client.query('alter table holed rename to log_event')
    try {
      await expect(rebuild({ url: database.url, names: ['tenures'] })).rejects.toMatchObject({
        code: 'SL-REBUILD-GAP',
      })
      const { rows: staged } = await client.query('select 1 from pg_namespace where nspname = $1', [STAGING])
      expect(staged).toEqual([])
      expect(await contents(client)).toEqual(rows)
    } finally {
      await client.query('drop table log_event')
      await client.query('alter table log_event_whole rename to log_event')
    }
  })

  it('refuses a name that no projection has, and to run beside another one', async () => {
    await expect(rebuild({ url: database.url, names: ['tenures', 'tenure'] })).rejects.toMatchObject({
      code: 'SL-REBUILD-UNKNOWN',
    })
    await expect(rebuild({ url: database.url, names: [] })).rejects.toMatchObject({
      code: 'SL-REBUILD-UNKNOWN',
    })
    const both = await Promise.allSettled(
      [1, 2].map(() => rebuild({ url: database.url, names: ['tenures'] })),
    )
    const refused = both.filter((it) => it.status === 'rejected')
    expect(refused.map(({ reason }) => reason.code)).toEqual(['SL-REBUILD-RUNNING'])
  })

  it('notes what it built and how far it had read', async () => {
    await rebuild({ url: database.url, names: 'all' })
    const { rows } = await client.query('select name, version, positions from projection_state order by name')
    expect(rows.map(({ name }) => name)).toEqual(projections.map(({ name }) => name).sort())
    const { rows: heads } = await client.query(`select netuid, size::int from log_head where log = 'chain'`)
    const sizes = Object.fromEntries(heads.map(({ netuid, size }) => [netuid, size]))
    expect(rows.find(({ name }) => name === 'tenures').positions).toEqual(sizes)
  })

  it('waits for a long reader without holding up the indexer, and takes in what it appends meanwhile', async () => {
    const reader = new Client({ connectionString: database.url })
    await reader.connect()
    await reader.query('begin')
    const { rows: seen } = await reader.query('select count(*)::int as n from tenure')
    let waits = 0
    let indexed = 0
    const projector = new Projector()
    const more = randomDrafts(seed + 1, 60).map((draft) => ({ ...draft, height: draft.height + 1_000_000 }))
    const rebuilding = rebuild({
      url: database.url,
      names: 'all',
      onWaiting: () => {
        waits += 1
      },
    })
    // Twenty transactions of the indexer pass while the reader's stays open.
    while (waits < 2) await index(client, more.slice(indexed, ++indexed), projector)
    while (indexed < 20) await index(client, more.slice(indexed, ++indexed), projector)
    expect((await reader.query('select count(*)::int as n from tenure')).rows[0].n).toBeGreaterThanOrEqual(
      seen[0].n,
    )
    await reader.query('commit')
    await reader.end()
    await rebuilding
    const rows = await contents(client)
    await rebuild({ url: database.url, names: 'all' })
    expect(await contents(client)).toEqual(rows)
  })
})
