import type { ClientBase } from 'pg'

/** Columns whose text is not that of a plain value. */
export interface ColumnTypes {
  readonly json: ReadonlySet<string>
  readonly bytesArray: ReadonlySet<string>
}

/** Columns change with a migration only, and no connection outlives one. */
const known = new WeakMap<ClientBase, Map<string, ColumnTypes>>()

/** @param table with its schema */
export async function columnTypes(client: ClientBase, table: string): Promise<ColumnTypes> {
  const tables = known.get(client) ?? new Map<string, ColumnTypes>()
  known.set(client, tables)
  const found = tables.get(table)
  if (found) return found
  const { rows } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  )
  const of = (...types: string[]) => new Set(rows.filter((r) => types.includes(r.type)).map((r) => r.name))
  const types = { json: of('json', 'jsonb'), bytesArray: of('bytea[]') }
  tables.set(table, types)
  return types
}
