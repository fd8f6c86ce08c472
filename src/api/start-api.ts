import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { LedgerError } from '../errors/ledger-error'
import { type ApiMetrics, createApiMetrics } from '../observability/api-metrics'
import { type HeadSight, type HeadWatch, watchFinalizedHead } from '../observability/finalized-head'
import { createLogger, type Logger, withoutCredentials } from '../observability/logger'
import { createListener, createReaders } from './database'
import type { ApiServices } from './graphql/context'
import { explain } from './graphql/mask-errors'
import { createGraphQL } from './graphql/yoga'
import { type HeadFeed, startHeadFeed } from './head/head-feed'
import { reportUndecoded } from './health/undecoded'
import { closeServer, listen, urlOf } from './http/listen'
import { createRouter } from './http/router'
import { type ApiLimits, defaultLimits } from './limits/limits'
import { FirstSubmissionReader } from './read/first-submission'
import { createApiSchema, everySubnet } from './schema/schema'
import { LiveRegistry } from './stream/live-registry'
import { entitiesOf, type ServedSystem, Systems } from './systems'
import { version } from './version'

export interface ApiOptions {
  readonly host: string
  /** 0 picks a free port. */
  readonly port: number
  readonly databaseUrl: string
  /** Node whose finalized head /readyz and `status` compare with; http(s) or ws(s). */
  readonly nodeUrl?: string | undefined
  readonly poolConnections?: number
  /** /readyz answers 503 beyond this (blocks). */
  readonly readyLagBlocks?: number
  readonly limits?: Partial<ApiLimits>
  readonly logger?: Logger
  /** Pause between two looks at the node (ms). */
  readonly nodePollIntervalMs?: number
  /** Subnet systems whose decisions are served and computed again. */
  readonly systems?: readonly ServedSystem[]
  /** Answers paths that are not the API's own: the platforms' routes. */
  readonly platforms?: (request: IncomingMessage, response: ServerResponse) => void
}

export interface Api {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string
  readonly metrics: ApiMetrics
  /** Ends live queries with an error, lets running requests finish, closes the database's connections. */
  close(): Promise<void>
}

const POOL_CONNECTIONS_DEFAULT = 10
const READY_LAG_BLOCKS_DEFAULT = 50
/** A client has this long to send its headers, and its request (ms). */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 20_000
/** An idle connection is kept for this long (ms). */
const KEEP_ALIVE_TIMEOUT_MS = 65_000
const MAX_HEADER_BYTES = 16_384
const MAX_CONNECTIONS = 5_000

/** @throws LedgerError SL-PORT-TAKEN, SL-API-LISTEN, SL-API-DATABASE, SL-API-NOT-MIGRATED */
export async function startApi(options: ApiOptions): Promise<Api> {
  const limits = { ...defaultLimits, ...options.limits }
  const logger = options.logger ?? createLogger({ level: 'silent' })
  const metrics = createApiMetrics()
  const connections = options.poolConnections ?? POOL_CONNECTIONS_DEFAULT
  const pool = createReaders(options.databaseUrl, connections, limits, (error) =>
    logger.warn({ err: error }, 'a database connection broke off'),
  )
  const opened: { heads?: HeadFeed; node?: HeadWatch; server?: Server } = {}
  const live = new LiveRegistry(metrics)
  const closeAll = async () => {
    live.close()
    if (opened.server) await closeServer(opened.server)
    await opened.heads?.close()
    await opened.node?.close()
    await pool.end()
  }
  try {
    const connect = () => createListener(options.databaseUrl)
    opened.heads = await startHeadFeed({ pool, connect, logger })
    if (options.nodeUrl) opened.node = await watchNode(options.nodeUrl, options.nodePollIntervalMs, metrics)
    const api: ApiServices = {
      pool,
      heads: opened.heads,
      node: opened.node,
      limits,
      firstSubmissions: new FirstSubmissionReader(pool),
      live,
      systems: new Systems(options.systems ?? []),
      version: version(),
    }
    reportHeads(api, metrics)
    reportUndecoded(pool, metrics.registry)
    opened.server = createHttpServer(options, api, metrics, logger)
    await listen(opened.server, options)
  } catch (error) {
    await closeAll()
    throw error instanceof LedgerError ? error : startFailure(error)
  }
  return { url: urlOf(options.host, opened.server), metrics, close: once(closeAll) }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= work()
    return running
  }
}

function createHttpServer(
  options: ApiOptions,
  api: ApiServices,
  metrics: ApiMetrics,
  logger: Logger,
): Server {
  const onError = (code: string) => metrics.errors.inc({ code })
  const entities = [...everySubnet, ...entitiesOf(api.systems.served)]
  const yoga = createGraphQL({ schema: createApiSchema(entities), api, logger, onError })
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS },
    createRouter({
      api,
      yoga,
      metrics,
      readyLagBlocks: options.readyLagBlocks ?? READY_LAG_BLOCKS_DEFAULT,
      ...(options.platforms && { platforms: options.platforms }),
      onInternal: (error) => logger.error({ err: error }, 'a request could not be answered'),
    }),
  )
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.maxConnections = MAX_CONNECTIONS
  return server
}

/** Whoever starts the API may know what the database said; a client of it may not. */
function startFailure(error: unknown): LedgerError {
  const { code, kind, message, remedy } = explain(error, () => {})
  return new LedgerError(code as `SL-${string}`, kind, message, {
    remedy,
    facts: { database: error instanceof Error ? withoutCredentials(error.message) : String(error) },
    cause: error,
  })
}

function watchNode(url: string, pollIntervalMs: number | undefined, metrics: ApiMetrics): Promise<HeadWatch> {
  const onSight = (sight: HeadSight) => {
    if ('head' in sight) metrics.finalizedHeight.set(sight.head.height)
  }
  return watchFinalizedHead({ url, onSight, ...(pollIntervalMs && { pollIntervalMs }) })
}

function reportHeads(api: ApiServices, metrics: ApiMetrics): void {
  const report = () => {
    const { height, logs } = api.heads.current
    const sight = api.node?.sight()
    metrics.indexedHeight.set(height)
    for (const { log, netuid, size } of logs) metrics.logEvents.set({ log, netuid: String(netuid) }, size)
    if (sight && 'head' in sight) metrics.lagBlocks.set(Math.max(0, sight.head.height - height))
  }
  report()
  api.heads.onHead(report)
}
