import { Runner } from '@subsquid/util-internal-processor-tools'

type RunnerConfig = ConstructorParameters<typeof Runner>[0]

/** Where finalized blocks come from: a node. */
export type HotDataSource = NonNullable<RunnerConfig['hotDataSource']>
/** Where finalized blocks come from: a gateway. */
export type FinalDataSource = NonNullable<RunnerConfig['archive']>
export type { RunnerConfig }

/** The runner insists on a metrics server of its own; ours are served by the API. */
export const noMetricsServer = {
  addRunnerMetrics: () => undefined,
  addChainRpcMetrics: () => undefined,
  setPort: () => undefined,
  serve: async () => ({ port: 0, close: async () => undefined }),
} as unknown as RunnerConfig['prometheus']

/** Pauses between two tries of a gateway that fails (ms). Subsquid's own go up to a minute, which nothing can cut short. */
const GATEWAY_RETRY_MS = [500, 1_000, 2_000, 5_000]

interface ArchiveInternals {
  readonly client: {
    retrySchedule: number[]
    readonly http: {
      get(url: string, options: object): Promise<unknown>
      post(url: string, options: object): Promise<unknown>
      isRetryableError(error: unknown, request?: unknown): boolean
    }
  }
}

/** A gateway asks again and again, for ever; after the signal it ends what is under way and asks nothing more. */
export function interruptible(gateway: FinalDataSource, signal: AbortSignal): FinalDataSource {
  const { client } = gateway as unknown as ArchiveInternals
  const { http } = client
  client.retrySchedule = GATEWAY_RETRY_MS
  const [get, post, isRetryable] = [http.get, http.post, http.isRetryableError].map((f) => f.bind(http)) as [
    typeof http.get,
    typeof http.post,
    typeof http.isRetryableError,
  ]
  http.get = (url, options) => get(url, { ...options, abort: signal })
  http.post = (url, options) => post(url, { ...options, abort: signal })
  http.isRetryableError = (error, request) => !signal.aborted && isRetryable(error, request)
  return gateway
}

/** Subsquid's loop from source to handler, without its own look-out and report: their timers outlive an interrupted run. */
export function createRunner(config: unknown): { run(): Promise<void> } {
  const runner = new Runner(config as RunnerConfig)
  return Object.assign(runner, {
    chainHeightUpdateLoop: () => () => undefined,
    reportStatus: () => undefined,
  })
}
