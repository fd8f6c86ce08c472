import { Client } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { append } from '../log/append'
import type { EventDraft } from '../log/envelope'
import { randomFrom } from '../log/seeded-random'
import { projections, tableRules } from './all'
import { casterProjections } from './caster'
import { randomCasterDrafts } from './caster/test-random-caster'
import { logOf, type Projection } from './fold/projection'
import { Projector } from './projector'
import { rebuild } from './rebuild/rebuild'
import { randomDrafts } from './test-random-log'

const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const HEIGHTS = 12
const CHAIN_FOLDS = projections.filter((fold) => logOf(fold) === 'chain')

interface Drawn {
  readonly log: string
  readonly events: number
  readonly draw: (seed: number, events: number) => EventDraft[]
  readonly folds: readonly Projection[]
  /** Rows that every table of theirs has at least. */
  readonly rows: number
  /** Two of the folds, to be rebuilt by name. */
  readonly two: string[]
}
const LOGS: readonly Drawn[] = [
  {
    log: 'chain',
    events: 1_500,
    draw: randomDrafts,
    folds: CHAIN_FOLDS,
    rows: 6,
    two: ['tenures', 'weight_sets'],
  },
  {
    log: 'Caster platform',
    events: 900,
    draw: randomCasterDrafts,
    folds: casterProjections,
    rows: 1,
    two: ['caster_batches', 'caster_sessions'],
  },
]
/** Written by the event that ends a row, beside the columns that every table has. */
const WRITTEN_AT_END: Readonly<Record<string, readonly string[]>> = {
  caster_session: ['used_micro_usd', 'closed_at'],
}

type Row = Record<string, unknown>
type Tables = Record<string, Row[]>

const open: { database: TestDatabase; client: Client }[] = []

async function freshDatabase(): Promise<{ client: Client; url: string }> {
  const database = await createTestDatabase()
  const client = new Client({ connectionString: database.url })
  await client.connect()
  open.push({ database, client })
  return { client, url: database.url }
}

/** Appends and projects, a transaction for each of these parts. */
async function index(
  client: Client,
  parts: readonly EventDraft[][],
  projector = new Projector(),
): Promise<void> {
  for (const part of parts) {
    await client.query('begin')
    await projector.apply(client, await append(client, part))
    await client.query('commit')
  }
}

async function tablesOf(client: Client): Promise<Tables> {
  const tables: Tables = {}
  for (const table of Object.keys(tableRules)) {
    const { rows } = await client.query(
      `select to_jsonb(t) as row from ${table} t order by netuid, from_seq, id collate "C"`,
    )
    tables[table] = rows.map(({ row }) => row)
  }
  return tables
}

/** The first row in which they differ: thousands of equal ones would hide it. */
function expectSame(actual: Tables, expected: Tables, where: string): void {
  for (const [table, rows] of Object.entries(expected)) {
    const other = actual[table]!
    const at = Math.max(rows.length, other.length)
    for (let i = 0; i < at; i++) {
      if (JSON.stringify(other[i]) !== JSON.stringify(rows[i])) {
        expect(other[i], `${table}, row ${i}, ${where}`).toEqual(rows[i])
      }
    }
  }
}

/** Cut into parts of random length; the parts together are the whole. */
function cut(drafts: readonly EventDraft[], random: (below: number) => number): EventDraft[][] {
  const parts: EventDraft[][] = []
  for (let from = 0; from < drafts.length; ) {
    const to = from + 1 + random(60)
    parts.push(drafts.slice(from, to))
    from = to
  }
  return parts
}

const hide = (row: Row, columns: readonly string[]) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, columns.includes(name) ? null : value]),
  )

/** What schema.graphql says of "at height h": later rows are not there, later writes are hidden. */
function rowAt(table: string, row: Row, height: number): Row[] {
  if ((row.valid_from as number) > height) return []
  const isEnded = row.valid_to !== null && (row.valid_to as number) <= height
  const isRevealed =
    'reveal_height' in row && row.reveal_height !== null && (row.reveal_height as number) <= height
  const late = Object.keys(row).filter(
    (name) =>
      (!isEnded && ['valid_to', 'to_seq', 'end_reason', ...(WRITTEN_AT_END[table] ?? [])].includes(name)) ||
      (!isRevealed && /^(reveal(?!_round)|plaintext)/.test(name)),
  )
  const seen = hide(row, late)
  if (table === 'weight_commit' && !isEnded) seen.state = 'PENDING'
  if (table === 'commitment' && row.kind === 'TIMELOCKED') {
    seen.state = isRevealed ? 'REVEALED' : isEnded ? 'CANCELLED' : 'PENDING'
  }
  return [seen]
}

afterAll(async () => {
  for (const { database, client } of open) {
    await client.end()
    await database.drop()
  }
})

describe.each(LOGS)(
  `read models of a random $log log (SUBLEDGER_TEST_SEED=${seed})`,
  { timeout: 240_000 },
  (drawn) => {
    const { draw, folds, two } = drawn
    const random = randomFrom(seed)
    const drafts = draw(seed, drawn.events)

    it('are the same however the log is cut into transactions', async () => {
      const [single, parts, whole] = [await freshDatabase(), await freshDatabase(), await freshDatabase()]
      await index(
        single.client,
        drafts.map((draft) => [draft]),
      )
      await index(parts.client, cut(drafts, random))
      await index(whole.client, [[...drafts]])
      const expected = await tablesOf(single.client)
      for (const table of folds.flatMap(({ tables }) => Object.keys(tables)))
        expect(expected[table]!.length, table).toBeGreaterThanOrEqual(drawn.rows)
      expectSame(await tablesOf(parts.client), expected, 'in parts')
      expectSame(await tablesOf(whole.client), expected, 'at once')
    })

    it('show at a height what an indexer stopped there holds', async () => {
      const whole = await freshDatabase()
      await index(whole.client, cut(drafts, random))
      const all = await tablesOf(whole.client)
      const stopped = await freshDatabase()
      const projector = new Projector()
      let done = 0
      const lastHeight = drafts.at(-1)!.height
      for (let stop = 1; stop <= HEIGHTS; stop++) {
        const height = drafts[0]!.height + Math.floor(((lastHeight - drafts[0]!.height) * stop) / HEIGHTS)
        const upTo = drafts.filter((draft) => draft.height <= height).length
        await index(stopped.client, [drafts.slice(done, upTo)], projector)
        done = upTo
        const held = await tablesOf(stopped.client)
        const shown: Tables = Object.fromEntries(
          Object.entries(all).map(([table, rows]) => [
            table,
            rows.flatMap((row) => rowAt(table, row, height)),
          ]),
        )
        expectSame(shown, held, `at ${height}`)
      }
    })

    it('are the same when rebuilt, all or one, while the indexer goes on', async () => {
      const { client, url } = await freshDatabase()
      const half = Math.floor(drafts.length / 2)
      await index(client, cut(drafts.slice(0, half), random))
      const projector = new Projector()
      const indexing = index(client, cut(drafts.slice(half), random), projector)
      await rebuild({ url, names: 'all' })
      await indexing
      const rest = draw(seed + 1, 50).map((draft) => ({ ...draft, height: draft.height + 100_000 }))
      const own = await freshDatabase()
      await index(own.client, [[...drafts]])
      expectSame(await tablesOf(client), await tablesOf(own.client), 'all rebuilt')
      await rebuild({ url, names: two })
      await index(client, [rest], projector)
      await index(own.client, [rest])
      expectSame(await tablesOf(client), await tablesOf(own.client), 'two rebuilt')
    })

    it('holds one row at most for each key', async () => {
      const { client } = await freshDatabase()
      await index(client, cut(drafts, random))
      for (const [table, rule] of Object.entries(tableRules)) {
        if (rule.key.length === 0 || rule.openColumn !== 'valid_to') continue
        const columns = rule.key.join(', ')
        const { rows } = await client.query(
          `select ${columns} from ${table} where valid_to is null group by ${columns} having count(*) > 1`,
        )
        expect(rows, table).toEqual([])
      }
    })
  },
)
