import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { createLogger } from '@subsquid/logger'
import { Runner } from '@subsquid/util-internal-processor-tools'
import type { HashAndHeight, LedgerDatabase } from '../../database/ledger-database'
import type { LedgerStore } from '../../database/ledger-store'
import type { ChainState } from '../state/chain-state'
import { BatchHandler, type Project } from './batch-handler'
import { Commits } from './commits'
import { HeadWatch } from './head-watch'
import { limitHeapGrowth } from './heap-growth'
import type { Progress } from './progress'
import { noMetricsServer, type RunnerConfig } from './subsquid-internals'
import { createSource, type SourceBlock, type SourceOptions, type SubstrateSource } from './substrate-source'

export interface IndexerOptions extends SourceOptions {
  readonly netuids: readonly number[] | 'all'
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
 * Reads finalized blocks into the log until `toHeight`, or until the signal.
 * @throws LedgerError what the database, the continuity check and storage reads throw
 */
export async function runIndexer(options: IndexerOptions): Promise<void> {
  const { database, signal } = options
  const stopLimiting = limitHeapGrowth()
  const source = createSource(options)
  const commits = new Commits(database, signal)
  try {
    const start = await database.connect()
    const run = index(options, source, commits, start)
    run.catch(() => undefined)
    await (signal ? Promise.race([run, stopped(signal, commits)]) : run)
  } finally {
    stopLimiting()
    source.close()
    await database.disconnect()
  }
}

/** The signal has come and no transaction is under way. */
async function stopped(signal: AbortSignal, commits: Commits): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
  await commits.idle()
}

async function index(
  options: IndexerOptions,
  source: SubstrateSource,
  commits: Commits,
  start: HashAndHeight,
): Promise<void> {
  const { signal, netuids, toHeight } = options
  if (toHeight !== undefined && start.height >= toHeight) return
  const handler = new BatchHandler(
    {
      netuids: netuids === 'all' ? 'all' : new Set(netuids),
      openExisting: start.height < 0 && options.bootstrap === 'snapshot',
      project: options.project,
    },
    await options.loadState(),
    start,
  )
  const next = Math.max(start.height + 1, options.fromHeight)
  if (!(await reached(source, next, signal))) return
  const watch = new HeadWatch(source.node, start.height, options)
  commits.onCommit = (height) => {
    handler.commit()
    watch.indexed(height)
  }
  try {
    await new Runner({
      requests: source.requests,
      hotDataSource: source.node,
      ...(source.gateway && { archive: source.gateway }),
      process: (store: LedgerStore, batch: { blocks: unknown[] }) =>
        handler.handle(store, batch.blocks as SourceBlock[]),
      database: commits.asSubsquidDatabase(start),
      prometheus: noMetricsServer,
      log: createLogger('sqd:processor'),
    } as unknown as RunnerConfig).run()
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
