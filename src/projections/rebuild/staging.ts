import type { ClientBase } from 'pg'
import { WRITER_ROLE } from '../../database/writer-role'
import { tableRules } from '../all'

/** Where tables are built; it exists only while a rebuild runs, or after one that was killed. */
export const STAGING = 'subledger_rebuild'
const SERVED = 'public'

/** Tables whose rows are found by id later: a commitment that is revealed, a weight commit that is opened. */
const CHANGED_BY_ID = new Set(['commitment', 'weight_commit'])

interface IndexDefinition {
  readonly name: string
  readonly definition: string
}

/** Empty copies of the served tables, with only the indexes that building needs. What a killed rebuild left is dropped. */
export async function createStaging(client: ClientBase, tables: readonly string[]): Promise<void> {
  await client.query(`drop schema if exists ${STAGING} cascade`)
  await client.query(`create schema ${STAGING}`)
  for (const table of tables) {
    await client.query(`create table ${STAGING}.${table} (like ${SERVED}.${table} including defaults)`)
    const { key, openColumn, firstWins } = tableRules[table]!
    if (firstWins)
      await client.query(`create unique index build_key on ${STAGING}.${table} (${key.join(', ')})`)
    else if (key.length > 0) {
      const columns = key.join(', ')
      await client.query(
        `create index build_${table}_open on ${STAGING}.${table} (${columns}) where ${openColumn} is null`,
      )
    }
    if (CHANGED_BY_ID.has(table)) {
      await client.query(`create index build_${table}_id on ${STAGING}.${table} using hash (id)`)
    }
  }
}

/** Primary keys and indexes under the names of the served tables, two at a time; those of the building go. */
export async function finishIndexes(
  [client, other]: readonly [ClientBase, ClientBase],
  tables: readonly string[],
): Promise<void> {
  const { rows: building } = await client.query<IndexDefinition>(
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = $1`,
    [STAGING],
  )
  const statements: string[] = []
  for (const table of tables) {
    const { rows: keys } = await client.query<IndexDefinition>(
      `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
       where conrelid = $1::regclass and contype in ('p', 'u')`,
      [`${SERVED}.${table}`],
    )
    for (const { name, definition } of keys) {
      await client.query(`alter table ${STAGING}.${table} add constraint "${name}" ${definition}`)
    }
    const { rows: indexes } = await client.query<IndexDefinition>(
      `select indexname as name, indexdef as definition from pg_indexes where schemaname = $1 and tablename = $2`,
      [SERVED, table],
    )
    const constraints = new Set(keys.map(({ name }) => name))
    for (const { name, definition } of indexes) {
      if (!constraints.has(name)) statements.push(definition.replace(` ON ${SERVED}.`, ` ON ${STAGING}.`))
    }
  }
  await Promise.all([client, other].map((connection) => runAll(connection, statements)))
  for (const table of tables) await client.query(`analyze ${STAGING}.${table}`)
  for (const { name } of building) await client.query(`drop index ${STAGING}."${name}"`)
}

async function runAll(client: ClientBase, statements: string[]): Promise<void> {
  for (let next = statements.shift(); next; next = statements.shift()) await client.query(next)
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
