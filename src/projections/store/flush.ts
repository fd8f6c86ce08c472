import type { ClientBase } from 'pg'
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
  for (const [table, batch] of tables) await flushTable(client, named(place, table), batch)
}

/** @param table with its schema */
export async function flushTable(client: ClientBase, table: string, batch: TableBatch): Promise<void> {
  const { rule } = batch
  if (!rule.firstWins) await closeRows(client, table, batch)
  await insertRows(client, table, rule, batch.inserts)
  if (rule.firstWins) await closeRows(client, table, batch)
  await changeRows(client, table, batch)
}

/** From this many rows on COPY is worth its own round trip. */
const COPY_MIN_ROWS = 500

export async function insertRows(
  client: ClientBase,
  table: string,
  rule: TableRule,
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows
  if (!first) return
  // COPY knows no conflicts: rows that may not be the first of their key cannot go there.
  if (rows.length >= COPY_MIN_ROWS && !rule.firstWins) {
    await copyRows(client, table, rows)
    return
  }
  const columns = Object.keys(first).join(', ')
  await client.query(
    `insert into ${table} (${columns}) select ${columns}
     from json_populate_recordset(null::${table}, $1::json) ${rule.firstWins ? 'on conflict do nothing' : ''}`,
    [JSON.stringify(rows)],
  )
}

async function closeRows(client: ClientBase, table: string, batch: TableBatch): Promise<void> {
  const closes = [...batch.closes.values()]
  const [first] = closes
  if (!first) return
  const { rule } = batch
  const columns = Object.keys(first.changes)
  const sets = columns.map((column) => `${column} = u.${column}`)
  if (rule.onClose) sets.push(onClose(rule.onClose))
  const same = rule.key.map((column) => `r.${column} = u.${column}`)
  // The row that holds is the last of its key: found at the end of the index, however long the history before it.
  const latest = rule.firstWins ? '' : 'order by r.valid_from desc, r.from_seq desc limit 1'
  await client.query(
    `update ${table} t set ${sets.join(', ')}
     from json_populate_recordset(null::${table}, $1::json) u
     cross join lateral (
       select r.ctid as place from ${table} r where ${same.join(' and ')} and r.${rule.openColumn} is null ${latest}
     ) held
     where t.ctid = held.place`,
    [JSON.stringify(closes.map(({ key, changes }) => ({ ...key, ...changes })))],
  )
}

export function onClose({ column, from, to }: NonNullable<TableRule['onClose']>): string {
  return `${column} = case t.${column} when '${from}' then '${to}' else t.${column} end`
}

export async function changeRows(
  client: ClientBase,
  table: string,
  batch: Pick<TableBatch, 'rule' | 'changes'>,
): Promise<void> {
  const { settled } = batch.rule
  // Rows with the same columns go together.
  const groups = new Map<string, Record<string, unknown>[]>()
  for (const [id, changes] of batch.changes) {
    const columns = Object.keys(changes).join(',')
    const group = groups.get(columns)
    if (group) group.push({ id, ...changes })
    else groups.set(columns, [{ id, ...changes }])
  }
  for (const [columns, rows] of groups) {
    const sets = columns.split(',').map((column) => `${column} = u.${column}`)
    await client.query(
      `update ${table} t set ${sets.join(', ')} from json_populate_recordset(null::${table}, $1::json) u
       where t.id = u.id ${settled ? `and t.${settled.column} <> $2` : ''}`,
      settled ? [JSON.stringify(rows), settled.value] : [JSON.stringify(rows)],
    )
  }
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
