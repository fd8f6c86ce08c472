import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { connect } from '../database/connect'
import { type EmbeddedServer, startEmbeddedPostgres } from '../database/embedded/server'
import { migrate } from '../database/migrate'

export interface BenchPostgres {
  readonly dataDir: string
  /** An empty database of its own, or one with Subledger's tables. */
  createDatabase(kind: 'empty' | 'migrated'): Promise<string>
  dropDatabase(url: string): Promise<void>
  stop(): Promise<void>
}

/** The embedded server with its usual settings (fsync on), in a folder of its own. */
export async function startBenchPostgres(): Promise<BenchPostgres> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-bench-'))
  const server = await startEmbeddedPostgres({ dataDir })
  let databases = 0
  return {
    dataDir,
    async createDatabase(kind) {
      databases += 1
      const name = `bench_${databases}`
      await query(server, `create database ${name}`)
      if (kind === 'migrated') await migrate(server.urlOf(name))
      return server.urlOf(name)
    },
    dropDatabase: (url) => query(server, `drop database ${new URL(url).pathname.slice(1)}`),
    async stop() {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function query(server: EmbeddedServer, statement: string): Promise<void> {
  const client = await connect(server.urlOf('postgres'))
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** What Subsquid's `TypeormDatabase` reads from the environment. */
export function typeormEnvironment(databaseUrl: string): Record<string, string> {
  const url = new URL(databaseUrl)
  return {
    DB_HOST: url.searchParams.get('host') ?? url.hostname,
    DB_PORT: url.port || '5432',
    DB_NAME: url.pathname.slice(1),
    DB_USER: url.username,
    DB_PASS: url.password,
  }
}
