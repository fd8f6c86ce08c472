import { Client } from 'pg'
import { loadState } from '../../chain/processor/load-state'
import { runIndexer } from '../../chain/processor/run-indexer'
import { LedgerDatabase } from '../../database/ledger-database'
import { Projector } from '../../projections/projector'
import type { Progress } from '../progress-line'

export interface IndexingOptions {
  /** What blocks are read from: read-ahead, node, or recording. */
  readonly rpcUrl: string
  readonly gatewayUrl?: string | undefined
  readonly databaseUrl: string
  readonly network: string
  readonly genesisHash: string
  readonly netuids: readonly number[] | 'all'
  readonly fromHeight: number | undefined
  readonly toHeight?: number | undefined
  /** `none`: the source holds no state, so that only events and calls tell. */
  readonly bootstrap: 'snapshot' | 'none'
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** Chain → log → projections, until `toHeight` or the signal. */
export async function indexChain(options: IndexingOptions): Promise<void> {
  const { databaseUrl, network, genesisHash, netuids, fromHeight } = options
  const projector = new Projector()
  const database = new LedgerDatabase({
    url: databaseUrl,
    identity: {
      network,
      genesisHash,
      netuids,
      ...(fromHeight !== undefined && { startHeight: fromHeight }),
    },
  })
  await runIndexer({
    rpcUrl: options.rpcUrl,
    ...(options.gatewayUrl && { gatewayUrl: options.gatewayUrl }),
    fromHeight: fromHeight ?? 0,
    ...(options.toHeight !== undefined && { toHeight: options.toHeight }),
    netuids,
    genesisHash,
    bootstrap: options.bootstrap,
    database,
    loadState: () => withClient(databaseUrl, loadState),
    project: (store, events) => projector.apply(store.client, events),
    ...(options.onProgress && { onProgress: options.onProgress }),
    ...(options.signal && { signal: options.signal }),
  })
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
