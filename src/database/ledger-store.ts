import type { PoolClient } from 'pg'
import type { EntityManager } from 'typeorm'
import { append } from '../log/append'
import type { EventDraft, Hex, LogEvent } from '../log/envelope'
import type { HeadCache, LogId } from '../log/heads'

export interface IndexedBlock {
  readonly height: number
  readonly hash: Hex
  /** ms since the Unix epoch */
  readonly time: number
}

/** What the handler of a batch of blocks writes with. Everything it does commits with the status row, or not at all. */
export class LedgerStore {
  readonly grown = new Map<string, LogId>()
  readonly blocks: IndexedBlock[] = []
  private begun: Promise<unknown> | undefined
  private open = true

  constructor(
    private readonly session: {
      client: PoolClient
      manager: EntityManager
      setActive(active: boolean): void
    },
    private readonly heads: HeadCache,
    readonly isOnTop: boolean,
  ) {}

  /** True once something asked for the transaction. */
  get hasBegun(): boolean {
    return this.begun !== undefined
  }

  /** The transaction's own connection. A batch that never asks for it costs one statement. */
  get client(): PoolClient {
    if (!this.open) throw new Error('the batch has ended: await every query of the handler')
    if (!this.begun) {
      this.session.setActive(true)
      // Not awaited: the driver sends queries in the order in which they are made.
      this.begun = this.session.client.query('begin isolation level read committed')
      this.begun.catch(() => undefined)
    }
    return this.session.client
  }

  /** TypeORM over the same transaction. */
  get manager(): EntityManager {
    return this.client && this.session.manager
  }

  /** Appends to the log; see `append` for what it refuses. */
  async append(drafts: readonly EventDraft[]): Promise<LogEvent[]> {
    if (drafts.length === 0) return []
    const events = await append(this.client, drafts, this.heads)
    for (const { log, netuid } of events) this.grown.set(`${log}/${netuid}`, { log, netuid })
    return events
  }

  /** Remembers hash and time of blocks, so that answers at their height can name them. */
  recordBlocks(blocks: readonly IndexedBlock[]): void {
    this.blocks.push(...blocks)
  }

  close(): void {
    this.open = false
  }
}
