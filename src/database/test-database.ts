import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { inject } from 'vitest'
import { withClient } from './connect'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

const TEMPLATE_DATABASE = 'subledger_template'
/** For so long connections that are being closed may take. */
const LEAVING_MS = 2_000
const LEAVING_POLL_MS = 10

/**
 * A migrated database of its own, cloned from the template of this run's server.
 * @param template `empty`: nothing migrated
 */
export async function createTestDatabase(template: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const maintenanceUrl = inject('postgresUrl')
  const name = `test_${randomBytes(8).toString('hex')}`
  const from = template === 'migrated' ? ` template ${TEMPLATE_DATABASE}` : ''
  await withClient(maintenanceUrl, (client) => client.query(`create database ${name}${from}`))
  const url = new URL(maintenanceUrl)
  url.pathname = `/${name}`
  return {
    url: url.toString(),
    drop: () => withClient(maintenanceUrl, (client) => drop(client, name)),
  }
}

/** A pool's end does not wait for its connections; cut off by force, they would raise errors that belong to no test. */
async function drop(client: Client, name: string): Promise<void> {
  const deadline = Date.now() + LEAVING_MS
  while (Date.now() < deadline) {
    const { rows } = await client.query('select 1 from pg_stat_activity where datname = $1 limit 1', [name])
    if (rows.length === 0) break
    await sleep(LEAVING_POLL_MS)
  }
  await client.query(`drop database if exists ${name} with (force)`)
}
