import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { createLogger } from '@subsquid/logger'
import type { BatchInfo, HashAndHeight, LedgerDatabase } from '../../database/ledger-database'
import type { ChainState } from '../state/chain-state'
import { BlockDecoder } from './block-decoder'
import { Committer, type Project } from './committer'
import { HeadWatch } from './head-watch'
import { limitHeapGrowth } from './heap-growth'
import { probeGateway } from './probe-gateway'
import { checkSameChain, probeNode } from './probe-node'
import type { Progress } from './progress'
import { explainSourceError } from './source-error'
import { createRunner, noMetricsServer } from './subsquid-internals'
import { createSource, type SourceBlock, type SourceOptions, type SubstrateSource } from './substrate-source'

export interface IndexerOptions extends SourceOptions {
  readonly netuids: readonly number[] | 'all'
  /** Hash of block 0 of the chain that is meant; undefined: whatever the node serves. */
  readonly genesisHash?: string
  /** How long the node may be silent at the start (ms). */
  readonly probeTimeoutMs?: number
  readonly database: Pick<LedgerDatabase, 'connect' | 'disconnect' | 'transact'>
  /** The state after the last event of the log. */
  readonly loadState: () => Promise<ChainState>
  /** Keeps the read models in step, within the transaction of the events. */
  readonly project: Project
  /** Whether subnets that exist before the first block are opened from storage. */
  readonly bootstrap: 'snapshot' | 'none'
  readonly onProgress?: (progress: Progress) => void
  /** Ends the run after the batch under way. */
  readonly signal?: AbortSignal
}

const HEAD_WAIT_MS = 500

/**
 * Reads finalized blocks into the log until `toHeight`, or until the signal. What is decoded by then is written.
 * @throws LedgerError what probing the node, the database, the continuity check and storage reads throw
 */
export async function runIndexer(options: IndexerOptions): Promise<void> {
  const { database, signal } = options
  await probeNode(options.rpcUrl, options.genesisHash, options.probeTimeoutMs)
  const stopLimiting = limitHeapGrowth()
  const source = createSource(options)
  const committer = new Committer(database, options.project)
  const ending = new AbortController()
  try {
    const start = await database.connect()
    const run = index(options, source, committer, start, ending.signal)
    // Whichever of them loses the race may still fail when the connections are closed.
    run.catch(() => undefined)
    await Promise.race([run, committer.failure, ...(signal ? [aborted(signal)] : [])])
    await committer.close()
  } finally {
    ending.abort()
    stopLimiting()
    source.close()
    // After a failure too, what was decoded before it is good; the failure itself is already on its way.
    await committer.close().catch(() => undefined)
    await database.disconnect()
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

async function index(
  options: IndexerOptions,
  source: SubstrateSource,
  committer: Committer,
  start: HashAndHeight,
  ending: AbortSignal,
): Promise<void> {
  const { signal, netuids, toHeight } = options
  if (toHeight !== undefined && start.height >= toHeight) return
  const decoder = new BlockDecoder(
    {
      netuids: netuids === 'all' ? 'all' : new Set(netuids),
      openExisting: start.height < 0 && options.bootstrap === 'snapshot',
    },
    await options.loadState(),
    start,
  )
  const next = Math.max(start.height + 1, options.fromHeight)
  // Before the first new block there is something to say too: that there is none yet.
  const watch = new HeadWatch(source.node, start.height, options)
  committer.onCommit = (height) => watch.indexed(height)
  // What was interrupted never comes to its own end.
  ending.addEventListener('abort', () => watch.stop())
  try {
    if (!(await reached(source, next, signal))) return
    await checkSameChain(source.node, start)
    if (options.gatewayUrl) {
      const { gatewayUrl: url, probeTimeoutMs: timeoutMs } = options
      await probeGateway({ url, node: source.node, next, ...(timeoutMs && { timeoutMs }) })
    }
    await createRunner({
      requests: source.requests,
      hotDataSource: source.node,
      ...(source.gateway && { archive: source.gateway }),
      // What Subsquid takes for the store is only what it knows of the batch: the committer writes.
      process: async (info: BatchInfo, batch: { blocks: unknown[] }) =>
        committer.add(info, await decoder.decode(batch.blocks as SourceBlock[])),
      database: {
        supportsHotBlocks: false,
        connect: async () => start,
        disconnect: async () => undefined,
        transact: (info: BatchInfo, handle: (info: BatchInfo) => Promise<void>) => handle(info),
      },
      prometheus: noMetricsServer,
      log: createLogger('sqd:processor'),
    }).run()
  } catch (error) {
    throw await explainSourceError(error, options.rpcUrl, decoder.nextHeight(next))
  } finally {
    watch.stop()
  }
}

/** Waits until the block is finalized; false when the signal came first. Subsquid's runner needs one to begin with. */
async function reached(source: SubstrateSource, height: number, signal?: AbortSignal): Promise<boolean> {
  while (!signal?.aborted) {
    if ((await source.node.getFinalizedHeight()) >= height) return true
    await wait(HEAD_WAIT_MS)
  }
  return false
}
