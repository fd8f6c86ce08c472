import type { ClientBase, CustomTypesConfig } from 'pg'
import type { Key, Row } from '../fold/projection'
import type { TableRule } from '../fold/table-rule'
import { keyText, type Sweep, TableBatch } from './batch'
import { flushTable, insertRows, named, onClose, type Place } from './flush'

/** Does one sweep on the stored rows, after everything before it was written. */
export async function runSweep(
  client: ClientBase,
  sweep: Sweep,
  rule: TableRule,
  place: Place,
): Promise<void> {
  const table = named(place, sweep.table)
  if ('go' in sweep) await carry(client, table, sweep, rule)
  else await closeAll(client, table, sweep, rule)
}

async function closeAll(
  client: ClientBase,
  table: string,
  { match, changes }: { match: Key; changes: Row },
  rule: TableRule,
): Promise<void> {
  const sets = Object.keys(changes).map((column) => `${column} = u.${column}`)
  if (rule.onClose) sets.push(onClose(rule.onClose))
  await client.query(
    `update ${table} t set ${sets.join(', ')} from json_populate_record(null::${table}, $1::json) u
     where ${same(match)} and t.${rule.openColumn} is null`,
    [JSON.stringify({ ...match, ...changes })],
  )
}

async function carry(
  client: ClientBase,
  table: string,
  { matches, go }: Extract<Sweep, { go: unknown }>,
  rule: TableRule,
): Promise<void> {
  const { rows } = await client.query<Row>({
    text: `select t.* from ${table} t join json_populate_recordset(null::${table}, $1::json) u on ${same(matches[0]!)}
      where t.${rule.openColumn} is null`,
    values: [JSON.stringify(matches)],
    types: AS_FOLDED,
  })
  const batch = new TableBatch(rule)
  const next: Row[] = []
  for (const { held, ended, next: row } of go(rows)) {
    const key = Object.fromEntries(rule.key.map((column) => [column, held[column] as Key[string]]))
    batch.closes.set(keyText(rule, key), { key, changes: ended })
    if (row) next.push(row)
  }
  // First all ends, so that a row that goes on under the key of another one is not taken for that.
  await flushTable(client, table, batch)
  await insertRows(client, table, rule, next)
}

const same = (match: Key): string =>
  Object.keys(match)
    .map((column) => `t.${column} = u.${column}`)
    .join(' and ')

const INT2 = 21
const INT4 = 23
const FLOAT4 = 700
const FLOAT8 = 701
const BOOL = 16
const JSON_TYPES = [114, 3802]

/** Values as folds make them: bytes, times, wide integers and arrays as PostgreSQL's own text, the rest as JSON. */
const AS_FOLDED: CustomTypesConfig = {
  getTypeParser(oid: number) {
    if ([INT2, INT4, FLOAT4, FLOAT8].includes(oid)) return Number
    if (oid === BOOL) return (text: string) => text === 't'
    return JSON_TYPES.includes(oid) ? JSON.parse : (text: string) => text
  },
}
