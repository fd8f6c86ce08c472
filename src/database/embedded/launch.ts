import { spawn } from 'node:child_process'
import { chownSync, closeSync, existsSync, openSync, statSync } from 'node:fs'
import { commandFor } from './identity'
import type { Place } from './place'
import { waitUntilReady } from './postmaster'

/** Recovery after a crash reads the whole write-ahead log first. */
export const START_TIMEOUT_MS = 600_000
const MAX_CONNECTIONS = 64
const LOG_KEPT_MAX_BYTES = 4_194_304

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
    // Nobody replicates an embedded server: what a rebuild loads is written once, not to the write-ahead log too.
    'wal_level=minimal',
    'max_wal_senders=0',
    // What is read lies mostly in the system's cache: handing it over from a process of its own takes longer than reading it.
    'io_method=sync',
    'timezone=UTC',
    'log_timezone=UTC',
    'jit=off',
    'logging_collector=off',
    ...(unsafeFast ? UNSAFE_SETTINGS : SAFE_SETTINGS),
  ]
  return ['-D', place.dataFolder, ...settings.flatMap((setting) => ['-c', setting])]
}

/** Starts the server; false when it ended instead of becoming ready. */
export async function launch(place: Place, unsafeFast: boolean): Promise<boolean> {
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
