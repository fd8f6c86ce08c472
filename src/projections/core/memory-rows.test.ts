import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { append } from '../../log/append'
import type { LogEvent } from '../../log/envelope'
import { projections, tableRules } from '../all'
import { casterProjections, casterReads } from '../caster'
import { randomCasterDrafts } from '../caster/test-random-caster'
import { logOf } from '../fold/projection'
import { Projector } from '../projector'
import { columnsOf } from '../store/columns'
import { tableOrigins } from '../table-origins'
import { randomDrafts } from '../test-random-log'
import { MemoryRows } from './memory-rows'
import { readPointAt } from './read-point'
import { SqlRows } from './sql-rows'

const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const EVENTS = 1_200
const POINTS = 8
const LOGS = [
  {
    log: 'chain',
    draw: randomDrafts,
    folds: projections.filter((fold) => logOf(fold) === 'chain'),
    view: undefined,
  },
  { log: 'Caster platform', draw: randomCasterDrafts, folds: casterProjections, view: casterReads.readView },
]

/** Times and wide numbers differ in their text only; views take neither as they are. */
const TIME = /^\d{4}-\d\d-\d\dT/
const comparable = (row: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (value instanceof Date) return [column, value.getTime()]
      if (typeof value === 'string' && TIME.test(value)) return [column, new Date(value).getTime()]
      return [column, typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value]
    }),
  )

describe.each(LOGS)(`rows of a random $log log, folded in memory (SUBLEDGER_TEST_SEED=${seed})`, (drawn) => {
  let database: TestDatabase
  let client: Client
  const events: LogEvent[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
    client = new Client({ connectionString: database.url })
    await client.connect()
    const projector = new Projector()
    await client.query('begin')
    events.push(...(await append(client, drawn.draw(seed, EVENTS))))
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
    const tables = drawn.folds.flatMap((fold) => Object.keys(fold.tables))
    let rows = 0
    for (let n = 1; n <= POINTS; n++) {
      for (const netuid of new Set(events.map((event) => event.netuid))) {
        const point = await readPointAt(client, netuid, Math.floor((last * n) / POINTS))
        const stored = new SqlRows(client, point, tableOrigins())
        const folded = memory.at(point)
        for (const table of tables) {
          const whole = await stored.rows(table)
          const columns = (await columnsOf(client, table)).map(({ name }) => name)
          const own = whole.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])))
          expect(await stored.rows(table, {}, columns), table).toEqual(own)
          const expected = whole.map(comparable)
          expect((await folded.rows(table)).map(comparable), `${table} at ${point.height}`).toEqual(expected)
          rows += expected.length
        }
        expect(await drawn.view?.(folded)).toEqual(await drawn.view?.(stored))
      }
    }
    expect(rows).toBeGreaterThan(500)
    expect(Object.keys(tableRules).length).toBeGreaterThanOrEqual(tables.length)
  })
})
