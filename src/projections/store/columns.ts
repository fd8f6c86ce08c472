import type { ClientBase } from 'pg'

export interface Column {
  readonly name: string
  /** As PostgreSQL names it: integer, bytea, bytea[], jsonb, … */
  readonly type: string
  /** Takes a value by itself when none is given. */
  readonly hasDefault: boolean
}

/** Columns of a table change with a migration only, and no connection outlives one. */
const known = new WeakMap<ClientBase, Map<string, readonly Column[]>>()

/** @param table with its schema */
export async function columnsOf(client: ClientBase, table: string): Promise<readonly Column[]> {
  const tables = known.get(client) ?? new Map<string, readonly Column[]>()
  known.set(client, tables)
  const found = tables.get(table)
  if (found) return found
  const { rows } = await client.query<Column>(
    `select attname as name, format_type(atttypid, null) as type,
       (atthasdef or attidentity <> '' or attgenerated <> '') as "hasDefault"
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  )
  tables.set(table, rows)
  return rows
}
