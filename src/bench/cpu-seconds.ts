import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

/**
 * CPU that the PostgreSQL server of this data folder has used, with its processes that ended; NaN where the system has no
 * /proc. Differences of two readings around some work show what it cost, also while others use the machine.
 */
export function postgresCpuSeconds(dataDir: string): number {
  const server = serverOf(dataDir)
  if (server === undefined) return Number.NaN
  let ticks = 0
  for (const pid of processes()) {
    const stat = statOf(pid)
    if (!stat) continue
    if (pid === server) ticks += stat.own + stat.ended
    else if (stat.parent === server) ticks += stat.own
  }
  return ticks / TICKS_PER_SECOND
}

/** By folder: looked for once. */
const servers = new Map<string, string>()

function serverOf(dataDir: string): string | undefined {
  const known = servers.get(dataDir)
  if (known) return known
  const found = processes().find((pid) =>
    textOf(`/proc/${pid}/cmdline`)
      .split('\0')
      .some((it) => it.startsWith(dataDir)),
  )
  if (found) servers.set(dataDir, found)
  return found
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function statOf(pid: string) {
  const text = textOf(`/proc/${pid}/stat`)
  // After the name in brackets: state, parent, …; user, system, and those of ended children stand at 11 to 14.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields.length < 15) return undefined
  const [user, system, ended, endedSystem] = fields.slice(11, 15).map(Number) as [
    number,
    number,
    number,
    number,
  ]
  return { parent: fields[1], own: user + system, ended: ended + endedSystem }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
