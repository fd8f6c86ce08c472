import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase, PoolClient } from 'pg'
import type { DataSource, QueryRunner } from 'typeorm'
import { LedgerError } from '../errors/ledger-error'
import { WRITER_ROLE } from './writer-role'

/** The one session that writes: it holds the fence for as long as it lives. */
export interface WriterSession {
  readonly client: PoolClient
  readonly runner: QueryRunner
  /** False: the user may not assume the writer's role, and only the triggers protect the log. */
  readonly restricted: boolean
  release(): Promise<void>
}

/** Advisory locks are per database; a writer of another log takes another key. */
const CHAIN_WRITER_LOCK = 7_201_554_402
/** A killed process' session ends when PostgreSQL notices; until then its lock is waited for. */
const FENCE_WAIT_MS = 5_000
const FENCE_POLL_MS = 100

/** @throws LedgerError SL-SECOND-WRITER when another process writes to this database */
export async function openWriterSession(source: DataSource): Promise<WriterSession> {
  const runner = source.createQueryRunner()
  const client: PoolClient = await runner.connect()
  // A connection that dies between two queries says so at the next one; unheard, the event would end the process.
  client.on('error', () => undefined)
  try {
    await takeFence(client, CHAIN_WRITER_LOCK)
    return { client, runner, restricted: await assumeRole(client), release: () => release(client, runner) }
  } catch (error) {
    await runner.release()
    throw error
  }
}

/** Waits for the lock a little, then refuses. @throws LedgerError SL-SECOND-WRITER */
export async function takeFence(client: ClientBase, key: number): Promise<void> {
  const deadline = Date.now() + FENCE_WAIT_MS
  for (;;) {
    const { rows } = await client.query('select pg_try_advisory_lock($1) as held', [key])
    if (rows[0].held) return
    if (Date.now() > deadline) break
    await sleep(FENCE_POLL_MS)
  }
  throw new LedgerError('SL-SECOND-WRITER', 'user', 'Another process is writing to this database.', {
    remedy: 'Stop the other indexer, or give this one another database or --data-dir.',
  })
}

/** From here on the database itself refuses to change the log. @returns false when the user may not assume the role */
export async function assumeRole(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query(
    `select exists (select from pg_roles where rolname = $1 and pg_has_role(oid, 'member')) as may`,
    [WRITER_ROLE],
  )
  if (rows[0].may) await client.query(`set role ${WRITER_ROLE}`)
  return rows[0].may
}

async function release(client: PoolClient, runner: QueryRunner): Promise<void> {
  await client.query('reset role; select pg_advisory_unlock_all()').catch(() => undefined)
  await runner.release().catch(() => undefined)
}
