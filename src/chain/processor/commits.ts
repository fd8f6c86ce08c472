import type { BatchInfo, HashAndHeight, LedgerDatabase } from '../../database/ledger-database'
import type { LedgerStore } from '../../database/ledger-store'

/** The database as Subsquid's runner sees it, with a way to stop between two transactions. */
export class Commits {
  /** Called after each commit with the height reached. */
  onCommit: (height: number) => void = () => undefined
  private underWay: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly database: Pick<LedgerDatabase, 'transact'>,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Resolves when no transaction is under way; after the signal none begins any more. */
  async idle(): Promise<void> {
    await this.underWay.catch(() => undefined)
  }

  asSubsquidDatabase(start: HashAndHeight) {
    return {
      supportsHotBlocks: false as const,
      connect: async () => start,
      disconnect: async () => undefined,
      transact: (info: BatchInfo, handle: (store: LedgerStore) => Promise<void>) => {
        if (this.signal?.aborted) return new Promise<never>(() => undefined)
        const commit = this.database.transact(info, handle).then(() => this.onCommit(info.nextHead.height))
        this.underWay = commit
        return commit
      },
    }
  }
}
