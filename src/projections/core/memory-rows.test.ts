import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { append } from '../../log/append'
import type { LogEvent } from '../../log/envelope'
import { projections, tableRules } from '../all'
import { logOf } from '../fold/projection'
import { tableLogs } from '../log-of-table'
import { Projector } from '../projector'
import { randomDrafts } from '../test-random-log'
import { MemoryRows } from './memory-rows'
import { readPointAt } from './read-point'
import { SqlRows } from './sql-rows'

const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const EVENTS = 1_200
const POINTS = 8

/** Times and wide numbers differ in their text only; views take neither as they are. */
const TIME = /^\d{4}-\d\d-\d\dT/
const comparable = (row: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (typeof value === 'string' && TIME.test(value)) return [column, new Date(value).getTime()]
      return [column, typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value]
    }),
  )

describe(`rows folded in memory (SUBLEDGER_TEST_SEED=${seed})`, () => {
  let database: TestDatabase
  let client: Client
  const events: LogEvent[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
    client = new Client({ connectionString: database.url })
    await client.connect()
    const projector = new Projector()
    await client.query('begin')
    events.push(...(await append(client, randomDrafts(seed, EVENTS))))
    await projector.apply(client, events)
    await client.query('commit')
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  it('are those of PostgreSQL, in the same order, at any point of the log', async () => {
    const memory = new MemoryRows(projections)
    memory.fold(events)
    const heights = events.map((event) => event.height)
    const last = heights.at(-1)!
    const chainTables = projections
      .filter((fold) => logOf(fold) === 'chain')
      .flatMap((f) => Object.keys(f.tables))
    let rows = 0
    for (let n = 1; n <= POINTS; n++) {
      for (const netuid of new Set(events.map((event) => event.netuid))) {
        const point = await readPointAt(client, netuid, Math.floor((last * n) / POINTS))
        const stored = new SqlRows(client, point, tableLogs())
        const folded = memory.at(point)
        for (const table of chainTables) {
          const expected = (await stored.rows(table)).map(comparable)
          expect((await folded.rows(table)).map(comparable), `${table} at ${point.height}`).toEqual(expected)
          rows += expected.length
        }
      }
    }
    expect(rows).toBeGreaterThan(500)
    expect(Object.keys(tableRules).length).toBeGreaterThanOrEqual(chainTables.length)
  })
})
