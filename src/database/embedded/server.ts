import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LedgerError } from '../../errors/ledger-error'
import { APPLICATION_NAME, connect, createClient } from '../connect'
import { createCluster, EMBEDDED_USER } from './create-cluster'
import { diskFull, notCreated, startFailure } from './embedded-error'
import type { Identity } from './identity'
import { launch, START_TIMEOUT_MS } from './launch'
import { choosePlace, type Place } from './place'
import { findOrphan, isAlive, readPostmaster, stopPostmaster, waitUntilReady } from './postmaster'

export interface EmbeddedOptions {
  /** Folder of the installation, e.g. `.subledger`; the database lies in `postgres/` below it. */
  readonly dataDir: string
  /** Only for tests: no fsync, so that a crash of the machine may lose the database. */
  readonly unsafeFast?: boolean
  /** Only for tests: run the server as this identity instead of choosing one. */
  readonly identity?: Identity
}

export interface EmbeddedServer {
  /** Connection string of the database `subledger`, over a unix socket. */
  readonly url: string
  /** True when a server that was already running was taken over. */
  readonly adopted: boolean
  /** Connection string of another database of this server. */
  urlOf(database: string): string
  /** Stops the server unless another Subledger process is connected to it. Safe to call twice. */
  stop(): Promise<void>
}

/** Of the connection that asks whether someone else is still here. */
const STOPPING_NAME = `${APPLICATION_NAME} stop`
/** For so long a connection that is seen may be one that is being closed. */
const LEAVING_MS = 5_000
const LEAVING_POLL_MS = 50
const EMBEDDED_DATABASE = 'subledger'
/** The second when two create it at one moment. */
const DUPLICATE_DATABASE = ['42P04', '23505']
const STOP_TIMEOUT_MS = 60_000
const START_ATTEMPTS_MAX = 4
const START_RETRY_MS = 500

/**
 * Starts the PostgreSQL that npm brought, or takes over the one that still runs on these data.
 * @throws LedgerError SL-PG-NO-BINARIES, SL-PG-DATA-OWNER, SL-PG-INIT, SL-PG-START, SL-DISK-FULL
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const place = placeOf(path.resolve(options.dataDir, 'postgres'), options.identity)
  if (!existsSync(place.dataFolder)) createCluster(place, options.unsafeFast === true)
  for (let attempt = 1; attempt <= START_ATTEMPTS_MAX; attempt++) {
    const orphan = findOrphan(place.dataFolder)
    const adopted = orphan !== undefined
    // An orphan that was shutting down has gone by the next attempt.
    const ready = adopted ? await adopt(place, orphan.pid) : await launch(place, options.unsafeFast === true)
    if (!ready) {
      // Processes of a killed server still hold its memory for a moment.
      await sleep(START_RETRY_MS)
      continue
    }
    const server = handle(place, adopted)
    await ensureDatabase(server)
    return server
  }
  throw startFailure(place)
}

function placeOf(home: string, identity: Identity | undefined): Place {
  try {
    return choosePlace(home, identity)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (error instanceof LedgerError || code === undefined) throw error
    if (code === 'ENOSPC') throw diskFull(home)
    throw notCreated(home, message, { code })
  }
}

async function adopt(place: Place, pid: number): Promise<boolean> {
  return waitUntilReady(place.dataFolder, pid, () => !isAlive(pid), START_TIMEOUT_MS)
}

function handle(place: Place, adopted: boolean): EmbeddedServer {
  const running = readPostmaster(place.dataFolder)
  const socketFolder = running?.socketFolder || place.socketFolder
  const urlOf = (database: string) =>
    `postgresql://${EMBEDDED_USER}@localhost/${database}?host=${encodeURIComponent(socketFolder)}`
  let stopping: Promise<void> | undefined
  const stop = async () => {
    const pid = readPostmaster(place.dataFolder)?.pid
    if (pid === undefined || (await isUsedByOthers(urlOf('postgres')))) return
    await stopPostmaster(pid, STOP_TIMEOUT_MS)
  }
  return {
    url: urlOf(EMBEDDED_DATABASE),
    adopted,
    urlOf,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

async function ensureDatabase(server: EmbeddedServer): Promise<void> {
  const client = await connect(server.urlOf('postgres'))
  try {
    await client.query(`create database ${EMBEDDED_DATABASE}`)
  } catch (error) {
    if (!DUPLICATE_DATABASE.includes((error as { code: string }).code)) throw error
  } finally {
    await client.end()
  }
}

/**
 * `rebuild` or `verify` may run beside `start`: whoever leaves last turns off the light. Connections of our own that are just
 * being closed are seen for a moment, so it looks more than once; two that leave together do not wait for each other.
 */
async function isUsedByOthers(url: string): Promise<boolean> {
  const client = createClient(url, { application_name: STOPPING_NAME })
  try {
    await client.connect()
    const deadline = Date.now() + LEAVING_MS
    for (;;) {
      const { rows } = await client.query(
        `select 1 from pg_stat_activity where backend_type = 'client backend' and application_name like $1
         and application_name <> $2 limit 1`,
        [`${APPLICATION_NAME}%`, STOPPING_NAME],
      )
      if (rows.length === 0) return false
      if (Date.now() > deadline) return true
      await sleep(LEAVING_POLL_MS)
    }
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
