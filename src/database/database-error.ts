import { LedgerError } from '../errors/ledger-error'

interface Known {
  readonly code: `SL-${string}`
  readonly kind: 'user' | 'retryable' | 'contradiction'
  readonly message: string
  readonly remedy: string
}

const LOST: Known = {
  code: 'SL-DB-LOST',
  kind: 'retryable',
  message: 'The connection to PostgreSQL was lost.',
  remedy:
    'Start again when the database answers; nothing that was committed is lost, nothing is written twice.',
}
const UNREACHABLE: Known = {
  code: 'SL-DB-UNREACHABLE',
  kind: 'retryable',
  message: 'PostgreSQL does not answer.',
  remedy: 'Check that the server of DATABASE_URL runs and can be reached from here.',
}
const AUTH: Known = {
  code: 'SL-DB-AUTH',
  kind: 'user',
  message: 'PostgreSQL refuses this user or password.',
  remedy: 'Correct user and password in DATABASE_URL.',
}
const FULL: Known = {
  code: 'SL-DISK-FULL',
  kind: 'retryable',
  message: 'The disk of the database is full.',
  remedy: 'Free disk space and start again; nothing that was committed is lost.',
}

/** By SQLSTATE, its class, or Node's own error code. */
const KNOWN: Readonly<Record<string, Known>> = {
  '53100': FULL,
  ENOSPC: FULL,
  '08': LOST,
  '57P01': LOST,
  '57P02': LOST,
  ECONNRESET: LOST,
  EPIPE: LOST,
  '57P03': UNREACHABLE,
  ECONNREFUSED: UNREACHABLE,
  ENOENT: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  '53300': {
    code: 'SL-DB-CONNECTIONS',
    kind: 'retryable',
    message: 'PostgreSQL has no connection left.',
    remedy: 'Close other clients or raise max_connections.',
  },
  '28': AUTH,
  '3D000': {
    code: 'SL-DB-MISSING',
    kind: 'user',
    message: 'The database named in DATABASE_URL does not exist.',
    remedy: 'Create it (createdb NAME), or correct the name in DATABASE_URL.',
  },
  '25006': {
    code: 'SL-DB-READ-ONLY',
    kind: 'user',
    message: 'This PostgreSQL only reads (a replica).',
    remedy: 'Give the indexer the primary server; replicas serve the API.',
  },
  SLA01: {
    code: 'SL-APPEND-ONLY',
    kind: 'contradiction',
    message: 'Something tried to change or remove what the log holds; PostgreSQL refused.',
    remedy: 'Nothing was changed. Find the program that tried: the log only grows.',
  },
  '42501': {
    code: 'SL-DB-PERMISSION',
    kind: 'user',
    message: 'This database user lacks a right.',
    remedy: 'Let the database belong to the user of DATABASE_URL (ALTER DATABASE … OWNER TO …).',
  },
  '55P03': {
    code: 'SL-SECOND-WRITER',
    kind: 'user',
    message: 'Another process holds a lock that the writer needs.',
    remedy: 'Stop the other indexer of this database; one writer a log.',
  },
  '57014': {
    code: 'SL-DB-TIMEOUT',
    kind: 'retryable',
    message: 'A statement took longer than allowed.',
    remedy: 'Try again; if it repeats, look at the load of the database.',
  },
}

/** The error as a person should see it; errors that are none of the database pass unchanged. */
export function databaseError(error: unknown): unknown {
  if (error instanceof LedgerError || !(error instanceof Error)) return error
  const code = (error as { code?: unknown }).code
  const driver = (error as { driverError?: unknown }).driverError
  if (typeof code !== 'string' && driver) return databaseError(driver)
  const known = knownBy(error, typeof code === 'string' ? code : '')
  if (!known) return error
  return new LedgerError(known.code, known.kind, `${known.message} (${error.message})`, {
    remedy: known.remedy,
    facts: { databaseCode: typeof code === 'string' ? code : null },
    cause: error,
  })
}

function knownBy(error: Error, code: string): Known | undefined {
  if (/No space left on device/.test(error.message)) return FULL
  if (Object.hasOwn(KNOWN, code)) return KNOWN[code]
  const ofClass = /^[0-9A-Z]{5}$/.test(code) ? KNOWN[code.slice(0, 2)] : undefined
  if (ofClass) return ofClass
  const lost = /Connection terminated|Client has encountered a connection error|not queryable/
  if (lost.test(error.message)) return LOST
  return /timeout expired|connection timeout/i.test(error.message) ? UNREACHABLE : undefined
}

/** Runs something against the database and tells failures in words of ours. */
export async function withDatabaseErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw databaseError(error)
  }
}
