import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { connect } from './connect'
import { startEmbeddedPostgres } from './embedded/server'
import { migrate } from './migrate'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the maintenance database of this run's server. */
    postgresUrl: string
  }
}

export const TEMPLATE_DATABASE = 'subledger_template'

/**
 * vitest's globalSetup: one embedded server a run, with a migrated database to clone from.
 * TEST_DATABASE_URL names another server to test against (a superuser's database), e.g. PostgreSQL 15.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const { url, stop } = given ? { url: given, stop: async () => undefined } : await startServer()
  try {
    await makeTemplate(url)
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('postgresUrl', url)
  return stop
}

async function startServer() {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-test-'))
  const server = await startEmbeddedPostgres({ dataDir, unsafeFast: true })
  const stop = async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { url: server.urlOf('postgres'), stop }
}

async function makeTemplate(maintenanceUrl: string): Promise<void> {
  const templateUrl = new URL(maintenanceUrl)
  templateUrl.pathname = `/${TEMPLATE_DATABASE}`
  const client = await connect(maintenanceUrl)
  try {
    const { rows } = await client.query('select from pg_database where datname = $1', [TEMPLATE_DATABASE])
    if (rows.length > 0) {
      await client.query(`alter database ${TEMPLATE_DATABASE} with is_template false`)
      await client.query(`drop database ${TEMPLATE_DATABASE}`)
    }
    await client.query(`create database ${TEMPLATE_DATABASE}`)
    await migrate(templateUrl.toString())
    await client.query(`alter database ${TEMPLATE_DATABASE} with allow_connections false is_template true`)
  } finally {
    await client.end()
  }
}
