import { createClient } from './connect'
import { withDatabaseErrors } from './database-error'
import { startEmbeddedPostgres } from './embedded/server'
import { migrate } from './migrate'
import { checkServer } from './server-check'

export interface OpenOptions {
  /** DATABASE_URL; without it the embedded server is started. */
  readonly databaseUrl?: string
  /** Folder of the installation, e.g. `.subledger`. */
  readonly dataDir: string
  /** Only for tests. */
  readonly allowFsyncOff?: boolean
}

export interface OpenDatabase {
  readonly url: string
  readonly embedded: boolean
  /** Names of the migrations that ran now. */
  readonly migrated: readonly string[]
  /** Stops the embedded server when no other Subledger process uses it. */
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 10_000

/** A checked and migrated database, ready for `LedgerDatabase`. */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  const server = options.databaseUrl
    ? { url: options.databaseUrl, stop: async () => undefined }
    : await startEmbeddedPostgres({ dataDir: options.dataDir })
  try {
    return await withDatabaseErrors(async () => {
      await check(server.url, options.allowFsyncOff)
      const migrated = await migrate(server.url)
      return { url: server.url, embedded: !options.databaseUrl, migrated, close: () => server.stop() }
    })
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function check(url: string, allowFsyncOff?: boolean): Promise<void> {
  const client = createClient(url, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  try {
    await client.connect()
    await checkServer(client, allowFsyncOff)
  } finally {
    await client.end().catch(() => undefined)
  }
}
