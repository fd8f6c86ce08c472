import { LedgerError } from '../../errors/ledger-error'
import { startRpcServer } from '../../rpc/server'
import { BlockCache, type CacheProblems } from './block-cache'
import type { CacheFolder } from './cache-folder'
import { Continuity } from './continuity'
import { FinalizedHead } from './finalized-head'
import { HeadSubscribers } from './head-subscribers'
import { recallGenesis, rememberGenesis } from './known-chains'
import { DEFAULT_READ_AHEAD_LIMITS, type ReadAheadLimits } from './limits'
import { createReadAheadHandler } from './node-methods'
import { Prefetcher } from './prefetcher'
import { RangeSource } from './range-source'
import { endpointsDisagree, nodeUnreachable } from './read-ahead-error'
import { Runtimes } from './runtimes'
import { TailWriter } from './tail-writer'
import { Upstream } from './upstream'
import { Window } from './window'

export interface ReadAheadOptions extends Partial<ReadAheadLimits> {
  readonly upstreamUrl: string
  /** A second node; every block must be the same at both. */
  readonly compareUrl?: string
  /** Folder of cached blocks; none are kept without it. */
  readonly cacheDir?: string
  /** 0, a free port, unless told otherwise. */
  readonly port?: number
  /** The data contradicts itself: nothing more is served. Called once. */
  onFailure?(error: LedgerError): void
  /** Something went wrong that is dealt with: a damaged cache file, a full disk, a node that does not answer. */
  onWarning?(message: string): void
}

export interface ReadAheadStats {
  /** Height of the finalized head; undefined before it is known. */
  readonly headHeight: number | undefined
  readonly fetchedBlocks: number
  readonly cachedBlocks: number
  readonly memoryBytes: number
  readonly rangesInMemory: number
  readonly rangesInFlight: number
  readonly cacheBytes: number
  /** Times the reader asked for a block that was neither there nor on its way. */
  readonly waits: number
  readonly nodeRequests: number
  readonly connectionErrors: number
  readonly failure: LedgerError | undefined
}

export interface ReadAhead {
  /** WebSocket address for the processor. */
  readonly url: string
  readonly httpUrl: string
  readonly genesisHash: string
  stats(): ReadAheadStats
  close(): Promise<void>
}

/**
 * Serves finalized blocks to Subsquid's processor from memory, fetched ahead in parallel from a node.
 * @throws LedgerError SL-NODE-UNREACHABLE when the node does not answer and the cache does not know it;
 *   SL-NODES-DISAGREE when the two nodes are of different chains
 */
export async function startReadAhead(options: ReadAheadOptions): Promise<ReadAhead> {
  const limits: ReadAheadLimits = { ...DEFAULT_READ_AHEAD_LIMITS, ...withoutUndefined(options) }
  const warn = (message: string): void => options.onWarning?.(message)
  const problems: CacheProblems = {
    full: (reason) => warn(`Blocks are no longer kept on disk: ${reason}.`),
    damaged: (range) => warn(`Cached range ${range} is damaged; it is fetched anew.`),
  }
  const folder =
    options.cacheDir && limits.maxCacheBytes > 0
      ? await BlockCache.open(options.cacheDir, limits.maxCacheBytes, problems)
      : undefined
  const upstream = new Upstream(options.upstreamUrl, limits)
  const other = options.compareUrl ? new Upstream(options.compareUrl, limits) : undefined
  try {
    const genesisHash = await findGenesis(upstream, options.upstreamUrl, folder, limits)
    if (other) await checkSameChain(other, genesisHash, limits)
    const cache = folder && BlockCache.forChain(folder, genesisHash, problems)
    return await assemble({ options, limits, upstream, other, cache, genesisHash, warn })
  } catch (error) {
    upstream.close()
    other?.close()
    throw error
  }
}

interface Parts {
  readonly options: ReadAheadOptions
  readonly limits: ReadAheadLimits
  readonly upstream: Upstream
  readonly other: Upstream | undefined
  readonly cache: BlockCache | undefined
  readonly genesisHash: string
  warn(message: string): void
}

async function assemble({
  options,
  limits,
  upstream,
  other,
  cache,
  genesisHash,
  warn,
}: Parts): Promise<ReadAhead> {
  let failure: LedgerError | undefined
  const fail = (error: unknown): void => {
    if (!(error instanceof LedgerError) || error.kind !== 'contradiction') {
      warn(`The node failed to answer: ${error instanceof Error ? error.message : String(error)}`)
    } else if (failure === undefined) {
      failure = error
      prefetcher.stop()
      options.onFailure?.(error)
    }
  }
  const window = new Window(limits.maxMemoryBytes)
  const runtimes = new Runtimes(upstream, cache)
  const tail = cache && new TailWriter(cache, limits.tailWriteIntervalMs)
  const heads = new HeadSubscribers(() => head)
  const advanced = (): void => {
    prefetcher.pump()
    heads.announce()
  }
  const silence = {
    afterMs: limits.silenceToldMs,
    began: () => warn('The node does not answer. Waiting for it.'),
    ended: () => warn('The node answers again.'),
  }
  const head: FinalizedHead = new FinalizedHead(upstream, limits.headPollMs, advanced, fail, silence)
  const continuity = new Continuity()
  const source = new RangeSource({ upstream, other, cache, tail, runtimes, continuity, head, limits })
  const prefetcher = new Prefetcher(window, source, head, limits, () => upstream.connectionErrors, fail)
  await findHead(head, upstream, cache, limits)
  head.start()
  const handle = createReadAheadHandler({
    upstream,
    window,
    runtimes,
    head,
    heads,
    prefetcher,
    cache,
    genesisHash,
    failure: () => failure,
    fail,
  })
  const server = await startRpcServer({ port: options.port ?? 0, handle })
  return {
    url: server.wsUrl,
    httpUrl: server.httpUrl,
    genesisHash,
    stats: () => ({
      headHeight: head.current?.height,
      ...source.counts,
      memoryBytes: window.bytes,
      rangesInMemory: window.rangeCount,
      rangesInFlight: prefetcher.inFlight,
      cacheBytes: cache?.bytes ?? 0,
      waits: prefetcher.waits,
      nodeRequests: upstream.requests,
      connectionErrors: upstream.connectionErrors,
      failure,
    }),
    async close() {
      prefetcher.stop()
      head.stop()
      await server.close()
      upstream.close()
      other?.close()
      await tail?.flush()
    },
  }
}

async function findGenesis(
  upstream: Upstream,
  url: string,
  folder: CacheFolder | undefined,
  limits: ReadAheadLimits,
): Promise<string> {
  try {
    const hash = await upstream.probe('chain_getBlockHash', [0], limits.startTimeoutMs)
    // A recording may start later; then its chain is named by nothing.
    const genesisHash = typeof hash === 'string' ? hash : `0x${'00'.repeat(32)}`
    if (folder) await rememberGenesis(folder, url, genesisHash)
    return genesisHash
  } catch (error) {
    const recalled = folder && (await recallGenesis(folder, url))
    if (recalled) return recalled
    throw error instanceof LedgerError ? error : nodeUnreachable(upstream.url, error)
  }
}

/** Which chain the cache in this folder holds of a node that does not answer now; undefined: none. */
export async function cachedGenesis(cacheDir: string, url: string): Promise<string | undefined> {
  const silent: CacheProblems = { full: () => undefined, damaged: () => undefined }
  return recallGenesis(await BlockCache.open(cacheDir, 0, silent), url)
}

async function checkSameChain(other: Upstream, genesisHash: string, limits: ReadAheadLimits): Promise<void> {
  const hash = await other.probe('chain_getBlockHash', [0], limits.startTimeoutMs).catch((error) => {
    throw error instanceof LedgerError ? error : nodeUnreachable(other.url, error)
  })
  if (hash !== genesisHash)
    throw endpointsDisagree(0, 'hashes', { hash: genesisHash, otherHash: String(hash) })
}

async function findHead(
  head: FinalizedHead,
  upstream: Upstream,
  cache: BlockCache | undefined,
  limits: ReadAheadLimits,
): Promise<void> {
  const highest = await cache?.highestRange()
  const last = highest === undefined ? undefined : (await cache!.readRange(highest, false))?.at(-1)
  if (last) head.assume({ height: last.height, hash: last.hash })
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(
      resolve,
      last ? Math.min(1_000, limits.startTimeoutMs) : limits.startTimeoutMs,
      'timeout',
    )
  })
  const polled = await Promise.race([head.poll(), timeout]).finally(() => clearTimeout(timer))
  if (polled === 'timeout' && last === undefined) throw nodeUnreachable(upstream.url)
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
