import { existsSync, readFileSync } from 'node:fs'
import { LedgerError } from '../../errors/ledger-error'
import type { Place } from './place'

/** What PostgreSQL said last is shown up to this length. */
export const LOG_TAIL_CHARS = 2_000

export function notCreated(folder: string, said: string, facts: Record<string, string>): LedgerError {
  return new LedgerError('SL-PG-INIT', 'user', `The embedded database could not be created: ${said}`, {
    remedy:
      'Choose a writable folder with --data-dir, or set DATABASE_URL to a PostgreSQL 15 to 18 of your own.',
    facts: { folder, ...facts },
  })
}

export function startFailure(place: Place): LedgerError {
  const said = existsSync(place.logFile)
    ? readFileSync(place.logFile, 'utf8').slice(-LOG_TAIL_CHARS).trim()
    : ''
  if (/No space left/.test(said)) return diskFull(place.dataFolder)
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

export function diskFull(folder: string): LedgerError {
  return new LedgerError('SL-DISK-FULL', 'retryable', 'The disk of the embedded database is full.', {
    remedy: 'Free disk space and start again; nothing that was written is lost.',
    facts: { folder },
  })
}
