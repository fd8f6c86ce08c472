import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a running server writes into `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number
  readonly socketFolder: string
  /** `starting`, `ready`, `standby`, `stopping`; empty while the file is being written. */
  readonly status: string
}

const POLL_MS = 10

export function readPostmaster(dataFolder: string): Postmaster | undefined {
  try {
    const lines = readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || pid <= 0) return undefined
    return { pid, socketFolder: (lines[4] ?? '').trim(), status: (lines[7] ?? '').trim() }
  } catch {
    return undefined
  }
}

/**
 * The server of this data folder that still lives, e.g. after its Node process was killed. A file whose pid now belongs
 * to another program (reboot, container restart) is removed, because PostgreSQL would refuse to start.
 */
export function findOrphan(dataFolder: string): Postmaster | undefined {
  const found = readPostmaster(dataFolder)
  if (!found || !isAlive(found.pid)) return undefined
  if (isPostgres(found.pid)) return found
  rmSync(path.join(dataFolder, 'postmaster.pid'), { force: true })
  return undefined
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres'
  } catch {
    // No /proc (macOS): believe the file; PostgreSQL itself checks again.
    return true
  }
}

/**
 * Waits until the server `pid` of this folder is ready; false when it ended or `timeoutMs` passed. The file of a killed
 * server still says that that one is ready.
 */
export async function waitUntilReady(
  dataFolder: string,
  pid: number | undefined,
  hasEnded: () => boolean,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    const found = readPostmaster(dataFolder)
    if (found?.pid === pid && found?.status === 'ready') return true
    if (hasEnded()) return false
    await sleep(POLL_MS)
  }
  return false
}

/** SIGINT is PostgreSQL's fast shutdown: sessions are ended, nothing is lost. */
export async function stopPostmaster(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    return true
  }
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false
    await sleep(POLL_MS)
  }
  return true
}
