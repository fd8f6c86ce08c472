import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Binaries, nativeFolder, prepareBinaries } from './binaries'
import { canRun, chooseIdentity, type Identity } from './identity'

/** Everything that decides where and as whom the server runs. */
export interface Place {
  readonly binaries: Binaries
  readonly identity: Identity
  /** PostgreSQL's own data directory. */
  readonly dataFolder: string
  readonly socketFolder: string
  readonly logFile: string
}

/** A unix socket's path must be shorter than this; `/.s.PGSQL.5432` is added to the folder. */
const SOCKET_PATH_MAX_BYTES = 107
const SOCKET_NAME = '/.s.PGSQL.5432'
const MOVED_NOTE = 'moved-to'

/** @param home folder of ours, e.g. `.subledger/postgres`; @param forced overrides the choice of account (tests). */
export function choosePlace(home: string, forced?: Identity): Place {
  mkdirSync(home, { recursive: true })
  const native = nativeFolder()
  const binaries = prepareBinaries(native, path.join(home, 'lib'))
  const moved = readMovedNote(home)
  const dataFolder = path.join(moved ?? home, 'data')
  const identity = forced ?? chooseIdentity(binaries, home, dataFolder)
  if (!moved && canRun(identity, binaries, home)) return placeIn(home, binaries, identity)
  if (identity.mode !== 'setuid') return placeIn(home, binaries, identity)
  return moveToReach(home, native, identity)
}

function placeIn(home: string, binaries: Binaries, identity: Identity): Place {
  return {
    binaries,
    identity,
    dataFolder: path.join(home, 'data'),
    socketFolder: chooseSocketFolder(home, identity),
    logFile: path.join(home, 'server.log'),
  }
}

/** The account can reach neither the programs nor the data here: both are copied to where it can. */
function moveToReach(home: string, native: string, identity: Identity): Place {
  const reach = readMovedNote(home) ?? path.join(reachableBase(), `subledger-${digest(home)}`)
  mkdirSync(reach, { recursive: true, mode: 0o755 })
  const copy = path.join(reach, 'native')
  if (!isSameVersion(native, copy)) cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  const binaries = prepareBinaries(copy, path.join(reach, 'lib'))
  const from = path.join(home, 'data')
  const to = path.join(reach, 'data')
  if (existsSync(from) && !existsSync(to)) spawnSync('cp', ['-a', from, to])
  if (existsSync(to)) spawnSync('chown', ['-R', `${identity.uid}:${identity.gid}`, to])
  chownSync(reach, identity.uid ?? 0, identity.gid ?? 0)
  writeFileSync(path.join(home, MOVED_NOTE), `${reach}\n`)
  return placeIn(reach, binaries, identity)
}

function isSameVersion(native: string, copy: string): boolean {
  const sizeOf = (home: string) => statSync(path.join(home, 'bin/postgres'), { throwIfNoEntry: false })?.size
  return sizeOf(native) === sizeOf(copy)
}

function readMovedNote(home: string): string | undefined {
  const note = path.join(home, MOVED_NOTE)
  return existsSync(note) ? readFileSync(note, 'utf8').trim() : undefined
}

function reachableBase(): string {
  return existsSync('/var/lib') ? '/var/lib' : os.tmpdir()
}

function chooseSocketFolder(home: string, identity: Identity): string {
  const near = path.join(home, 'run')
  const fits = Buffer.byteLength(near + SOCKET_NAME) < SOCKET_PATH_MAX_BYTES
  const folder = fits ? near : path.join('/tmp', `subledger-${digest(home)}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (identity.mode === 'setuid') chownSync(folder, identity.uid ?? 0, identity.gid ?? 0)
  chmodSync(folder, 0o700)
  return folder
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)
