import { Client, Pool } from 'pg'
import type { ApiLimits } from './limits/limits'

/** Longest wait for a connection of the pool, or for one to be made (ms). */
const CONNECT_TIMEOUT_MS = 5_000
/** An unused connection is given back after this (ms). */
const IDLE_TIMEOUT_MS = 60_000
/** A connection is replaced after this, so that statements prepared before a projection was switched do not linger (s). */
const CONNECTION_LIFETIME_S = 300

/** Read only by the session's own setting: the API cannot write even where it is wrong. Works on a read replica. */
const sessionOptions = (statementTimeoutMs: number) =>
  `-c default_transaction_read_only=on -c statement_timeout=${statementTimeoutMs} -c timezone=UTC -c jit=off`

export function createPool(databaseUrl: string, connections: number, limits: ApiLimits): Pool {
  return new Pool({
    connectionString: databaseUrl,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    maxLifetimeSeconds: CONNECTION_LIFETIME_S,
    options: sessionOptions(limits.statementTimeoutMs),
    application_name: 'subledger-api',
    keepAlive: true,
  })
}

/** The connection that listens for new heads, outside of the pool. */
export const createListener = (databaseUrl: string): Client =>
  new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'subledger-api-heads',
    keepAlive: true,
  })
