import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from './embedded/server'
import { migrate } from './migrate'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the maintenance database of this run's server. */
    postgresUrl: string
  }
}

export const TEMPLATE_DATABASE = 'subledger_template'

/** vitest's globalSetup: one embedded server a run, with a migrated database to clone from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-test-'))
  const server = await startEmbeddedPostgres({ dataDir, unsafeFast: true })
  const stop = async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await makeTemplate(server.urlOf('postgres'), server.urlOf(TEMPLATE_DATABASE))
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('postgresUrl', server.urlOf('postgres'))
  return stop
}

async function makeTemplate(maintenanceUrl: string, templateUrl: string): Promise<void> {
  const client = new Client({ connectionString: maintenanceUrl })
  await client.connect()
  try {
    await client.query(`create database ${TEMPLATE_DATABASE}`)
    await migrate(templateUrl)
    await client.query(`alter database ${TEMPLATE_DATABASE} with allow_connections false is_template true`)
  } finally {
    await client.end()
  }
}
