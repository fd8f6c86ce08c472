import type { Runner } from '@subsquid/util-internal-processor-tools'

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
