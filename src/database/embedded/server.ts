import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { LedgerError } from '../../errors/ledger-error'
import { commandFor, type Identity } from './identity'
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

export const EMBEDDED_USER = 'subledger'
export const APPLICATION_NAME = 'subledger'
const EMBEDDED_DATABASE = 'subledger'
/** The second when two create it at one moment. */
const DUPLICATE_DATABASE = ['42P04', '23505']
const START_TIMEOUT_MS = 600_000
const STOP_TIMEOUT_MS = 60_000
const START_ATTEMPTS_MAX = 4
const START_RETRY_MS = 500
const MAX_CONNECTIONS = 64
const LOG_KEPT_MAX_BYTES = 4_194_304
const LOG_TAIL_BYTES = 2_000

/**
 * Starts the PostgreSQL that npm brought, or takes over the one that still runs on these data.
 * @throws LedgerError SL-PG-NO-BINARIES, SL-PG-DATA-OWNER, SL-PG-INIT, SL-PG-START, SL-DISK-FULL
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const place = choosePlace(path.resolve(options.dataDir, 'postgres'), options.identity)
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

async function adopt(place: Place, pid: number): Promise<boolean> {
  return waitUntilReady(place.dataFolder, pid, () => !isAlive(pid), START_TIMEOUT_MS)
}

function createCluster(place: Place, unsafeFast: boolean): void {
  // Made beside and renamed, so that a kill in between leaves no half-made cluster.
  const draft = `${place.dataFolder}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  const args = ['-D', draft, '-U', EMBEDDED_USER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N']
  failUnlessDone(place, run(place, args))
  if (!unsafeFast) failUnlessDone(place, run(place, ['-D', draft, '--sync-only']))
  try {
    renameSync(draft, place.dataFolder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(place.dataFolder)) throw error
  }
}

function run(place: Place, args: readonly string[]): SpawnSyncReturns<string> {
  const command = commandFor(place.identity, place.binaries, place.binaries.initdb, args)
  return spawnSync(command.file, command.args, { ...command.options, encoding: 'utf8', cwd: '/' })
}

function failUnlessDone(place: Place, result: SpawnSyncReturns<string>): void {
  if (result.status === 0) return
  const said = `${result.stderr ?? ''}${result.error?.message ?? ''}`.trim().slice(-LOG_TAIL_BYTES)
  if (/No space left/.test(said)) throw diskFull(place)
  throw new LedgerError('SL-PG-INIT', 'user', `The embedded database could not be created: ${said}`, {
    remedy:
      'Choose a writable folder with --data-dir, or set DATABASE_URL to a PostgreSQL 15 to 18 of your own.',
    facts: { folder: place.dataFolder, runsAs: place.identity.mode },
  })
}

const SAFE_SETTINGS = ['fsync=on', 'full_page_writes=on', 'synchronous_commit=on']
const UNSAFE_SETTINGS = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']

function serverArguments(place: Place, unsafeFast: boolean): string[] {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${place.socketFolder}`,
    'unix_socket_permissions=0700',
    `max_connections=${MAX_CONNECTIONS}`,
    'shared_buffers=128MB',
    'max_wal_size=1GB',
    'timezone=UTC',
    'log_timezone=UTC',
    'jit=off',
    'logging_collector=off',
    ...(unsafeFast ? UNSAFE_SETTINGS : SAFE_SETTINGS),
  ]
  return ['-D', place.dataFolder, ...settings.flatMap((setting) => ['-c', setting])]
}

async function launch(place: Place, unsafeFast: boolean): Promise<boolean> {
  const args = serverArguments(place, unsafeFast)
  const command = commandFor(place.identity, place.binaries, place.binaries.postgres, args)
  const grown = existsSync(place.logFile) && statSync(place.logFile).size > LOG_KEPT_MAX_BYTES
  const log = openSync(place.logFile, grown ? 'w' : 'a', 0o600)
  if (place.identity.mode === 'setuid') chownSync(place.logFile, place.identity.uid!, place.identity.gid!)
  // Its own process group: Ctrl-C must reach us first, the server when we have finished writing.
  const child = spawn(command.file, [...command.args], {
    ...command.options,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let ended = false
  child.once('exit', () => (ended = true))
  child.once('error', () => (ended = true))
  child.unref()
  return waitUntilReady(place.dataFolder, child.pid, () => ended, START_TIMEOUT_MS)
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
  const client = new Client({ connectionString: server.urlOf('postgres') })
  await client.connect()
  try {
    await client.query(`create database ${EMBEDDED_DATABASE}`)
  } catch (error) {
    if (!DUPLICATE_DATABASE.includes((error as { code: string }).code)) throw error
  } finally {
    await client.end()
  }
}

/** `rebuild` or `verify` may run beside `start`: whoever leaves last turns off the light. */
async function isUsedByOthers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, application_name: `${APPLICATION_NAME} stop` })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query(
      `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
       and application_name like $1 limit 1`,
      [`${APPLICATION_NAME}%`],
    )
    return rows.length > 0
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

function startFailure(place: Place): LedgerError {
  const said = existsSync(place.logFile)
    ? readFileSync(place.logFile, 'utf8').slice(-LOG_TAIL_BYTES).trim()
    : ''
  if (/No space left/.test(said)) return diskFull(place)
  return new LedgerError(
    'SL-PG-START',
    'retryable',
    `The embedded database did not start. It said: ${said}`,
    {
      remedy: `Read ${place.logFile}; or set DATABASE_URL to a PostgreSQL 15 to 18 of your own.`,
      facts: { folder: place.dataFolder, runsAs: place.identity.mode },
    },
  )
}

function diskFull(place: Place): LedgerError {
  return new LedgerError('SL-DISK-FULL', 'retryable', 'The disk of the embedded database is full.', {
    remedy: 'Free disk space and start again; nothing that was written is lost.',
    facts: { folder: place.dataFolder },
  })
}
