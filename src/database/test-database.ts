import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

const TEMPLATE_DATABASE = 'subledger_template'

/**
 * A migrated database of its own, cloned from the template of this run's server.
 * @param template `empty`: nothing migrated
 */
export async function createTestDatabase(template: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const maintenanceUrl = inject('postgresUrl')
  const name = `test_${randomBytes(8).toString('hex')}`
  const from = template === 'migrated' ? ` template ${TEMPLATE_DATABASE}` : ''
  await maintain(maintenanceUrl, `create database ${name}${from}`)
  const url = new URL(maintenanceUrl)
  url.pathname = `/${name}`
  return {
    url: url.toString(),
    drop: () => maintain(maintenanceUrl, `drop database if exists ${name} with (force)`),
  }
}

async function maintain(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
