import type { ClientBase } from 'pg'
import { WRITER_ROLE } from '../../database/writer-role'
import type { TableRule } from '../fold/table-rule'

/** Where tables are built; it exists only while a rebuild runs, or after one that was killed. */
export const STAGING = 'subledger_rebuild'
const SERVED = 'public'

interface IndexDefinition {
  readonly name: string
  readonly definition: string
}

/** An empty place for the tables; what a killed rebuild left is dropped. */
export async function createStaging(client: ClientBase): Promise<void> {
  await client.query(`drop schema if exists ${STAGING} cascade; create schema ${STAGING}`)
}

/** A thread that was ended may still be noticed by the server; what is not dropped now is dropped by the next rebuild. */
const DROP_WAIT_MS = 10_000

/** Of a rebuild that failed: tables that others had finished by then take room. */
export async function dropStaging(client: ClientBase): Promise<void> {
  await client.query(`set lock_timeout = ${DROP_WAIT_MS}`)
  await client.query(`drop schema if exists ${STAGING} cascade`)
}

/**
 * Empty copies of the served tables, without indexes. Within the transaction that fills them, so that a server with
 * wal_level=minimal writes their rows once.
 */
export async function createStagingTables(client: ClientBase, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    await client.query(`create table ${STAGING}.${table} (like ${SERVED}.${table} including defaults)`)
  }
}

/** What finding rows in a table needs that is not whole yet; dropped when it is. */
export async function createBuildIndexes(client: ClientBase, table: string, rule: TableRule): Promise<void> {
  const { key, openColumn, firstWins } = rule
  const columns = key.join(', ')
  if (firstWins)
    await client.query(`create unique index build_${table}_key on ${STAGING}.${table} (${columns})`)
  else if (key.length > 0) {
    await client.query(
      `create index build_${table}_open on ${STAGING}.${table} (${columns}) where ${openColumn} is null`,
    )
  }
  await client.query(`create index build_${table}_id on ${STAGING}.${table} using hash (id)`)
}

/** Primary keys and indexes under the names of the served tables, on all connections at once; those of the building go. */
export async function finishIndexes(
  clients: readonly ClientBase[],
  tables: readonly string[],
): Promise<void> {
  const client = clients[0]!
  const { rows: building } = await client.query<IndexDefinition>(
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = $1 and tablename = any($2)`,
    [STAGING, tables],
  )
  for (const { name } of building) await client.query(`drop index ${STAGING}."${name}"`)
  const { rows: served } = await client.query<IndexDefinition>(
    `select indexname as name, indexdef as definition from pg_indexes
     where schemaname = $1 and tablename = any($2) order by pg_relation_size(format('%I.%I', $1, tablename)::regclass) desc`,
    [SERVED, tables],
  )
  const statements = served.map(({ definition }) => definition.replace(` ON ${SERVED}.`, ` ON ${STAGING}.`))
  for (const table of tables) statements.push(await analyzing(client, table))
  await Promise.all(clients.map((connection) => runAll(connection, statements)))
  for (const table of tables) await takeKeys(client, table)
}

/** Columns by which rows are looked for: none of long texts, of which a sample takes longer than all others together. */
const LOOKED_FOR = `select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
  where attrelid = $1::regclass and attnum > 0 and not attisdropped and (attlen > 0
    or exists (select 1 from pg_index where indrelid = attrelid and attnum = any(indkey)))`

/** Statistics for the first plans, until autovacuum takes those of every column. */
async function analyzing(client: ClientBase, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(LOOKED_FOR, [`${SERVED}.${table}`])
  return `analyze ${STAGING}.${table} (${rows[0]!.columns})`
}

async function runAll(client: ClientBase, statements: string[]): Promise<void> {
  for (let next = statements.shift(); next; next = statements.shift()) await client.query(next)
}

/** Turns the unique indexes of keys into the constraints that they are in the served table. */
async function takeKeys(client: ClientBase, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string; kind: string }>(
    `select conname as name, case contype when 'p' then 'primary key' else 'unique' end as kind from pg_constraint
     where conrelid = $1::regclass and contype in ('p', 'u')`,
    [`${SERVED}.${table}`],
  )
  for (const { name, kind } of rows) {
    await client.query(
      `alter table ${STAGING}.${table} add constraint "${name}" ${kind} using index "${name}"`,
    )
  }
}

/** Puts the built tables in the place of the served ones; readers see either the old ones or the new ones. */
export async function switchTables(client: ClientBase, tables: readonly string[]): Promise<void> {
  const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [WRITER_ROLE])
  for (const table of tables) {
    await client.query(`drop table ${SERVED}.${table}`)
    await client.query(`alter table ${STAGING}.${table} set schema ${SERVED}`)
    if (rows.length > 0) {
      await client.query(`grant select, insert, update, delete on ${SERVED}.${table} to ${WRITER_ROLE}`)
    }
  }
  await client.query(`drop schema ${STAGING}`)
}
