import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { LedgerError } from '../../errors/ledger-error'
import { switchTables } from './staging'

/** A longer wait for a lock would hold up everyone who queues behind it: readers of the tables, and the indexer. */
const LOCK_TIMEOUT_MS = 300
/** Now and then longer than PostgreSQL's deadlock_timeout (1 s), after which a vacuum of the tables gives way by itself. */
const LONG_LOCK_TIMEOUT_MS = 1_300
const LONG_EVERY_ATTEMPTS = 5
const RETRY_AFTER_MS = 700
const ATTEMPTS_MAX = 120
/** A vacuum of the tables that are going away gives way at once, where the server lets us ask for it. */
const GIVE_WAY_SOON = `select set_config('deadlock_timeout', '100ms', true)
  where has_parameter_privilege('deadlock_timeout', 'set')`
const LOCK_NOT_AVAILABLE = '55P03'
const DEADLOCK = '40P01'

export interface SwitchSteps {
  /** Folds what was appended meanwhile, before the switch and again within. */
  readonly catchUp: () => Promise<void>
  /** Notes how far everything is; what it gives goes back there, after a rollback. */
  readonly mark: () => () => void
  readonly recordState: () => Promise<void>
  readonly onWaiting?: (() => void) | undefined
}

/**
 * Puts the built tables in the place of the served ones, in one transaction in which no event can be appended. Whoever reads a
 * table for long is waited for without holding up others: each attempt gives up soon, and lets everyone pass before the next.
 * @throws LedgerError SL-REBUILD-BLOCKED
 */
export async function switchOver(
  client: Client,
  tables: readonly string[],
  steps: SwitchSteps,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    await client.query('begin')
    await steps.catchUp()
    await client.query('commit')
    const isLong = attempt % LONG_EVERY_ATTEMPTS === 0
    if (await attemptSwitch(client, tables, steps, isLong ? LONG_LOCK_TIMEOUT_MS : LOCK_TIMEOUT_MS)) return
    steps.onWaiting?.()
    await sleep(RETRY_AFTER_MS)
  }
  throw await blocked(client, tables)
}

async function attemptSwitch(
  client: Client,
  tables: readonly string[],
  steps: SwitchSteps,
  waitMs: number,
): Promise<boolean> {
  const goBack = steps.mark()
  await client.query('begin')
  try {
    await client.query(`set local lock_timeout = ${waitMs}`)
    await client.query(GIVE_WAY_SOON)
    // The writers of logs write here before their read models, also for a netuid that is new: they wait until the new
    // tables are in place. In the writers' own order, so that nobody waits for each other.
    await client.query('lock table log_head in exclusive mode')
    await client.query(
      `lock table ${tables.map((table) => `public.${table}`).join(', ')} in access exclusive mode`,
    )
    await steps.catchUp()
    await switchTables(client, tables)
    await steps.recordState()
    await client.query('commit')
    return true
  } catch (error) {
    await client.query('rollback')
    goBack()
    if ([LOCK_NOT_AVAILABLE, DEADLOCK].includes((error as { code: string }).code)) return false
    throw error
  }
}

async function blocked(client: Client, tables: readonly string[]): Promise<LedgerError> {
  const { rows } = await client.query<{ pid: number }>(
    `select distinct pid from pg_locks where granted and pid <> pg_backend_pid()
       and relation = any($1::text[]::regclass[]::oid[])`,
    [[...tables.map((table) => `public.${table}`), 'public.log_head']],
  )
  return new LedgerError(
    'SL-REBUILD-BLOCKED',
    'retryable',
    'The rebuilt tables could not be put in place: somebody reads the served ones without end.',
    {
      remedy:
        'End the transactions of the server processes named here, then start again. The served tables are as they were.',
      facts: { processes: rows.map(({ pid }) => pid).join(', ') },
    },
  )
}
