import type { ClientBase } from 'pg'
import { isPipelined, type Statement, send } from '../../database/send'
import type { Row } from '../fold/projection'
import type { TableRule } from '../fold/table-rule'
import type { Batch, TableBatch } from './batch'
import { copyRows } from './copy-rows'

/** Where the tables lie: the served ones, or the ones that a rebuild fills. */
export interface Place {
  readonly schema: string
}

export const SERVED: Place = { schema: 'public' }
export const named = (place: Place, table: string) => `${place.schema}.${table}`

/** Writes a batch: closings of stored rows, new rows, changes by id. */
export async function flush(client: ClientBase, { tables }: Batch, place: Place): Promise<void> {
  let waiting: Statement[] = []
  for (const [name, batch] of tables) {
    const table = named(place, name)
    if (isForCopy(client, batch.rule, batch.inserts)) {
      await send(client, waiting)
      waiting = []
      await flushTable(client, table, batch)
    } else waiting.push(...statementsOf(table, batch))
  }
  await send(client, waiting)
}

/** @param table with its schema */
export async function flushTable(client: ClientBase, table: string, batch: TableBatch): Promise<void> {
  if (!isForCopy(client, batch.rule, batch.inserts)) {
    await send(client, statementsOf(table, batch))
    return
  }
  await send(client, closing(table, batch))
  await copyRows(client, table, batch.inserts)
  await send(client, changing(table, batch))
}

/** From this many rows on COPY is worth its own round trip. */
const COPY_MIN_ROWS = 500

/** COPY knows no conflicts: rows that may not be the first of their key cannot go there. */
const isForCopy = (client: ClientBase, rule: TableRule, rows: readonly Row[]) =>
  rows.length >= COPY_MIN_ROWS && !rule.firstWins && !isPipelined(client)

export async function insertRows(
  client: ClientBase,
  table: string,
  rule: TableRule,
  inserts: readonly Row[],
): Promise<void> {
  if (isForCopy(client, rule, inserts)) await copyRows(client, table, inserts)
  else await send(client, inserting(table, rule, inserts))
}

export async function changeRows(
  client: ClientBase,
  table: string,
  batch: Pick<TableBatch, 'rule' | 'changes'>,
): Promise<void> {
  await send(client, changing(table, batch))
}

function statementsOf(table: string, batch: TableBatch): Statement[] {
  const closes = closing(table, batch)
  const inserts = inserting(table, batch.rule, batch.inserts)
  // The row that is there first stays, and then it is the one that ends.
  const both = batch.rule.firstWins ? [...inserts, ...closes] : [...closes, ...inserts]
  return [...both, ...changing(table, batch)]
}

function inserting(table: string, rule: TableRule, rows: readonly Row[]): Statement[] {
  const [first] = rows
  if (!first) return []
  const columns = Object.keys(first).join(', ')
  return [
    {
      text: `insert into ${table} (${columns}) select ${columns}
       from json_populate_recordset(null::${table}, $1::json) ${rule.firstWins ? 'on conflict do nothing' : ''}`,
      values: [JSON.stringify(rows)],
    },
  ]
}

function closing(table: string, batch: TableBatch): Statement[] {
  const closes = [...batch.closes.values()]
  const [first] = closes
  if (!first) return []
  const { rule } = batch
  const columns = Object.keys(first.changes)
  const sets = columns.map((column) => `${column} = u.${column}`)
  if (rule.onClose) sets.push(onClose(rule.onClose))
  const same = rule.key.map((column) => `r.${column} = u.${column}`)
  // The row that holds is the last of its key: found at the end of the index, however long the history before it.
  const latest = rule.firstWins ? '' : 'order by r.valid_from desc, r.from_seq desc limit 1'
  const text = `update ${table} t set ${sets.join(', ')}
     from json_populate_recordset(null::${table}, $1::json) u
     cross join lateral (
       select r.ctid as place from ${table} r where ${same.join(' and ')} and r.${rule.openColumn} is null ${latest}
     ) held
     where t.ctid = held.place`
  return [{ text, values: [JSON.stringify(closes.map(({ key, changes }) => ({ ...key, ...changes })))] }]
}

export function onClose({ column, from, to }: NonNullable<TableRule['onClose']>): string {
  return `${column} = case t.${column} when '${from}' then '${to}' else t.${column} end`
}

function changing(table: string, batch: Pick<TableBatch, 'rule' | 'changes'>): Statement[] {
  const { settled } = batch.rule
  // Rows with the same columns go together.
  const groups = new Map<string, Record<string, unknown>[]>()
  for (const [id, changes] of batch.changes) {
    const columns = Object.keys(changes).join(',')
    const group = groups.get(columns)
    if (group) group.push({ id, ...changes })
    else groups.set(columns, [{ id, ...changes }])
  }
  return [...groups].map(([columns, rows]) => {
    const sets = columns.split(',').map((column) => `${column} = u.${column}`)
    const text = `update ${table} t set ${sets.join(', ')} from json_populate_recordset(null::${table}, $1::json) u
       where t.id = u.id ${settled ? `and t.${settled.column} <> all($2)` : ''}`
    return { text, values: settled ? [JSON.stringify(rows), settled.values] : [JSON.stringify(rows)] }
  })
}

/** The next numbers of these tables, which number their rows, for these netuids. */
export async function loadOrdinals(
  client: ClientBase,
  tables: readonly string[],
  netuids: readonly number[],
  place: Place,
): Promise<Map<string, number>> {
  const parts = tables.map(
    (table) =>
      `select '${table}/' || n as key, (
         select ordinal + 1 from ${named(place, table)} where netuid = n
         order by valid_from desc, from_seq desc, ordinal desc limit 1
       ) as next from unnest($1::int[]) as w(n)`,
  )
  if (parts.length === 0) return new Map()
  const { rows } = await client.query(parts.join(' union all '), [netuids])
  return new Map(rows.map((row) => [row.key as string, (row.next as number | null) ?? 0]))
}
