import path from 'node:path'
import { loadState } from '../../chain/processor/load-state'
import { runIndexer } from '../../chain/processor/run-indexer'
import { checkpointHook } from '../../database/checkpoint-hook'
import { withClient } from '../../database/connect'
import { LedgerDatabase } from '../../database/ledger-database'
import { loadSigningKey } from '../../log/checkpoint/signing-key'
import { writeCheckpoints } from '../../log/checkpoint/write-checkpoints'
import type { LogEvent } from '../../log/envelope'
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
  /** Where the checkpoint key lies; without it no checkpoints are signed. */
  readonly dataDir?: string
  readonly checkpointKeyFile?: string | undefined
  /** Told, once committed, of what was seen on the chain and not understood. */
  readonly onUndecoded?: (events: readonly LogEvent[]) => void
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** Chain → log → projections, until `toHeight` or the signal. */
export async function indexChain(options: IndexingOptions): Promise<void> {
  const { databaseUrl, network, genesisHash, netuids, fromHeight } = options
  const projector = new Projector()
  let undecoded: LogEvent[] = []
  const beforeCommit = options.dataDir && checkpoints(options.dataDir, options)
  const database = new LedgerDatabase({
    url: databaseUrl,
    identity: {
      network,
      genesisHash,
      netuids,
      ...(fromHeight !== undefined && { startHeight: fromHeight }),
    },
    ...(beforeCommit && { beforeCommit }),
    afterCommit: () => {
      if (undecoded.length > 0) options.onUndecoded?.(undecoded)
      undecoded = []
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
    project: (store, events) => {
      // One transaction after the other: what one that failed had is not told.
      undecoded = events.filter(({ type }) => type === 'Undecoded')
      return projector.apply(store.client, events)
    },
    ...(options.onProgress && { onProgress: options.onProgress }),
    ...(options.signal && { signal: options.signal }),
  })
  // A run that ends by itself ends with a checkpoint over everything that it wrote.
  if (options.dataDir && options.toHeight !== undefined) await lastCheckpoint(options.dataDir, options)
}

async function lastCheckpoint(dataDir: string, options: IndexingOptions): Promise<void> {
  const { databaseUrl, checkpointKeyFile: keyFile, genesisHash } = options
  const key = loadSigningKey({ dataDir: path.resolve(dataDir), keyFile })
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query('select height, hash from squid_processor.status where id = 0')
    if (rows[0]?.height >= 0) await writeCheckpoints(client, key, genesisHash, rows[0])
  })
}

function checkpoints(dataDir: string, { checkpointKeyFile: keyFile, genesisHash }: IndexingOptions) {
  return checkpointHook(loadSigningKey({ dataDir: path.resolve(dataDir), keyFile }), genesisHash)
}
