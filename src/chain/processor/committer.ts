import type { BatchInfo, LedgerDatabase } from '../../database/ledger-database'
import type { IndexedBlock, LedgerStore } from '../../database/ledger-store'
import type { EventDraft, LogEvent } from '../../log/envelope'
import type { Decoded } from './block-decoder'

/** What follows from new events within their own transaction: the projections. */
export type Project = (store: LedgerStore, events: readonly LogEvent[]) => Promise<void>

/** A transaction is written once it has this much; every one costs a disk flush and a dozen statements. */
const MAX_BLOCKS_PER_TRANSACTION = 400
const MAX_EVENTS_PER_TRANSACTION = 2_000
/** What is decoded waits no longer than this for more, however slowly blocks come. */
const MAX_WAIT_MS = 200

interface Filling {
  info: BatchInfo
  readonly drafts: EventDraft[]
  readonly blocks: IndexedBlock[]
}

/**
 * Collects decoded batches into transactions, and writes one while the next is being decoded: one under way, one
 * filling, no more. At the head of the chain each batch is written at once.
 */
export class Committer {
  /** Called after each commit with the height reached. */
  onCommit: (height: number) => void = () => undefined
  /** Rejects when a transaction fails; never resolves. */
  readonly failure: Promise<never>
  private fail!: (error: unknown) => void
  private filling: Filling | undefined
  private writing: Promise<void> = Promise.resolve()
  private isWriting = false
  private isClosed = false
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly database: Pick<LedgerDatabase, 'transact'>,
    private readonly project: Project,
  ) {
    this.failure = new Promise((_, reject) => {
      this.fail = reject
    })
    this.failure.catch(() => undefined)
  }

  /** Resolves when the next batch may be decoded. @throws what the transaction before threw */
  async add(info: BatchInfo, { drafts, blocks }: Decoded): Promise<void> {
    if (this.isClosed) return new Promise<never>(() => undefined)
    const filling = this.fill(info)
    for (const draft of drafts) filling.drafts.push(draft)
    for (const block of blocks) filling.blocks.push(block)
    const isFull =
      filling.blocks.length >= MAX_BLOCKS_PER_TRANSACTION ||
      filling.drafts.length >= MAX_EVENTS_PER_TRANSACTION
    if (info.isOnTop) return this.drain()
    while (isFull && this.filling === filling) {
      await this.writing
      this.write()
    }
  }

  /** Writes what is left and takes nothing any more. */
  close(): Promise<void> {
    this.isClosed = true
    return this.drain()
  }

  /** Writes what is there; resolves when nothing is under way. */
  private async drain(): Promise<void> {
    do {
      await this.writing
      this.write()
    } while (this.filling)
    await this.writing
  }

  private fill(info: BatchInfo): Filling {
    if (this.filling) {
      const { prevHead } = this.filling.info
      this.filling.info = { ...info, prevHead }
      return this.filling
    }
    this.filling = { info, drafts: [], blocks: [] }
    this.timer = setTimeout(() => void this.drain().catch(() => undefined), MAX_WAIT_MS)
    return this.filling
  }

  private write(): void {
    const { filling } = this
    if (!filling || this.isWriting) return
    this.filling = undefined
    this.isWriting = true
    clearTimeout(this.timer)
    this.writing = this.database
      .transact(filling.info, async (store) => {
        store.recordBlocks(filling.blocks)
        if (filling.drafts.length > 0) await this.project(store, await store.append(filling.drafts))
      })
      .then(() => {
        this.isWriting = false
        this.onCommit(filling.info.nextHead.height)
      })
    this.writing.catch((error) => this.fail(error))
  }
}
