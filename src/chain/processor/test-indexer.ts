import { createHash } from 'node:crypto'
import type { Client } from 'pg'
import { connect } from '../../database/connect'
import { LedgerDatabase } from '../../database/ledger-database'
import { createTestDatabase } from '../../database/test-database'
import { logHeads } from '../../log/read'
import { loadState } from './load-state'
import { type IndexerOptions, runIndexer } from './run-indexer'

/** A fresh database with an indexer over it, for tests. */
export interface TestIndexer {
  readonly url: string
  readonly reader: Client
  run(over?: Partial<IndexerOptions>): Promise<void>
  /** Roots and sizes of every log, as one text that can be compared. */
  roots(): Promise<string>
  /** Height of the status row; −1 before the first block. */
  height(): Promise<number>
  /** Everything that was ever written to the log, as a digest. */
  digest(netuid?: number): Promise<string>
  close(): Promise<void>
}

export interface TestChain {
  readonly wsUrl: string
  readonly genesisHash: string
  readonly netuids?: readonly number[] | 'all'
}

export async function createTestIndexer(chain: TestChain): Promise<TestIndexer> {
  const { url, drop } = await createTestDatabase()
  const reader = await connect(url)
  const netuids = chain.netuids ?? 'all'
  return {
    url,
    reader,
    run: (over = {}) =>
      runIndexer({
        rpcUrl: chain.wsUrl,
        fromHeight: 0,
        netuids,
        genesisHash: chain.genesisHash,
        headPollMs: 20,
        bootstrap: 'snapshot',
        database: new LedgerDatabase({
          url,
          identity: { genesisHash: chain.genesisHash, network: 'test', netuids: over.netuids ?? netuids },
        }),
        loadState: () => loadState(reader),
        project: async () => undefined,
        ...over,
      }),
    async roots() {
      const heads = await logHeads(reader)
      return JSON.stringify(heads, (_, v) => (typeof v === 'bigint' ? `${v}` : v))
    },
    async height() {
      const { rows } = await reader.query('select height from squid_processor.status where id = 0')
      return rows[0].height
    },
    async digest(netuid) {
      const { rows } = await reader.query(
        `select netuid, seq, encode(leaf_hash, 'hex') as leaf from log_event
         where $1::int is null or netuid = $1 order by netuid, seq`,
        [netuid ?? null],
      )
      return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
    },
    async close() {
      await reader.end()
      await drop()
    },
  }
}
