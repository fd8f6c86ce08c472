import type { Client } from 'pg'
import { append } from '../log/append'
import type { EventDraft, LogEvent, LogName } from '../log/envelope'
import { HeadCache } from '../log/heads'
import { type Anchor, readAnchor } from './anchor'
import { createClient } from './connect'
import { withDatabaseErrors } from './database-error'
import { HEAD_CHANNEL } from './ledger-database'
import { assumeRole, takeFence } from './writer-session'

export interface LogWriterOptions {
  readonly url: string
  readonly log: Exclude<LogName, 'chain'>
  readonly netuid: number
  /** What follows from the events within their own transaction: the projections. */
  readonly project: (client: Client, events: readonly LogEvent[]) => Promise<void>
  /** After a rollback, what the projections counted is not there. */
  readonly onRollback?: () => void
}

/** Lock keys of the platform and engine logs: base + 2 × netuid + (0 | 1). */
const LOCK_BASE = 7_201_600_000

/** The one writer of a subnet's platform or engine log: events and their projections commit together or not at all. */
export class LogWriter {
  private readonly heads = new HeadCache()

  private constructor(
    private readonly client: Client,
    private readonly options: LogWriterOptions,
  ) {}

  /** @throws LedgerError SL-SECOND-WRITER when another process writes this log, SL-DB-… */
  static open(options: LogWriterOptions): Promise<LogWriter> {
    return withDatabaseErrors(async () => {
      // A commit is many short statements: each would wait for the one before.
      const client = createClient(options.url, { pipeline: true })
      await client.connect()
      try {
        await takeFence(client, LOCK_BASE + 2 * options.netuid + (options.log === 'engine' ? 1 : 0))
        await assumeRole(client)
      } catch (error) {
        await client.end()
        throw error
      }
      return new LogWriter(client, options)
    })
  }

  /** The finalized block that events of now are tied to. @throws LedgerError SL-NOTHING-INDEXED */
  anchor(): Promise<Anchor> {
    return withDatabaseErrors(() => readAnchor(this.client, this.options.netuid))
  }

  /**
   * Appends in one transaction. What `append` refuses leaves nothing behind. Not to be called twice at once.
   * @param alongside what else belongs to the same transaction
   */
  commit(drafts: readonly EventDraft[], alongside?: (client: Client) => Promise<void>): Promise<LogEvent[]> {
    const { client, heads } = this
    return withDatabaseErrors(async () => {
      // Not awaited one by one: the statements that follow stand behind these.
      const opened = Promise.all([client.query('begin isolation level read committed'), alongside?.(client)])
      opened.catch(() => undefined)
      try {
        const events = await append(client, drafts, heads)
        await this.options.project(client, events)
        await opened
        await Promise.all([this.announce(events), client.query('commit')])
        return events
      } catch (error) {
        heads.clear()
        this.options.onRollback?.()
        // Whatever comes after the first failure only says that there was one.
        const first = await opened.then(
          () => error,
          (earlier) => earlier,
        )
        await client.query('rollback').catch(() => undefined)
        throw first
      }
    })
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined)
  }

  private async announce(events: readonly LogEvent[]): Promise<void> {
    const last = events.at(-1)
    if (!last) return
    const { height, blockHash: hash } = last
    const logs = [[this.options.log, this.options.netuid]]
    await this.client.query('select pg_notify($1, $2)', [
      HEAD_CHANNEL,
      JSON.stringify({ height, hash, logs }),
    ])
  }
}
