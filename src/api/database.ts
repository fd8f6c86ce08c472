import type { Client, Pool } from 'pg'
import { createClient, createPool } from '../database/connect'
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

export function createReaders(
  databaseUrl: string,
  connections: number,
  limits: ApiLimits,
  onBroken: (error: Error) => void,
): Pool {
  const options = {
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    maxLifetimeSeconds: CONNECTION_LIFETIME_S,
    options: sessionOptions(limits.statementTimeoutMs),
    application_name: 'subledger-api',
    keepAlive: true,
  }
  return createPool(databaseUrl, options, onBroken)
}

/** The connection that listens for new heads, outside of the pool. */
export const createListener = (databaseUrl: string): Client =>
  createClient(databaseUrl, {
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'subledger-api-heads',
    keepAlive: true,
  })
