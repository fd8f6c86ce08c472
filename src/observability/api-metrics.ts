import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Upper bounds of the request time histogram (s). */
const REQUEST_SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Routes that appear as labels; anything else is `other`, so that a scanner cannot create series. */
export type RouteLabel = 'graphql' | 'healthz' | 'readyz' | 'metrics' | 'landing' | 'other'
/** Also bounded: what became of a request, not which field or hotkey it asked for. */
export type OutcomeLabel = 'ok' | 'error' | 'refused'

export interface ApiMetrics {
  readonly registry: Registry
  readonly requestSeconds: Histogram<'route' | 'outcome'>
  readonly errors: Counter<'code'>
  readonly inFlight: Gauge
  readonly subscriptions: Gauge<'kind'>
  readonly indexedHeight: Gauge
  readonly finalizedHeight: Gauge
  readonly lagBlocks: Gauge
  readonly logEvents: Gauge<'log' | 'netuid'>
}

/** Every metric of the API, named `subledger_…`. One registry a server: two servers in a process do not collide. */
export function createApiMetrics(): ApiMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'subledger_' })
  const registers = [registry]
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge<L>({ name: `subledger_${name}`, help, labelNames, registers })
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'subledger_api_request_seconds',
      help: 'Time from the request being read to its answer being written (s).',
      labelNames: ['route', 'outcome'],
      buckets: REQUEST_SECONDS_BUCKETS,
      registers,
    }),
    errors: new Counter({
      name: 'subledger_api_errors_total',
      help: 'Errors answered, by stable code.',
      labelNames: ['code'],
      registers,
    }),
    inFlight: gauge('api_in_flight_requests', 'Requests being answered.'),
    subscriptions: gauge('api_subscriptions', 'Open live queries.', ['kind']),
    indexedHeight: gauge('indexed_height', 'Last block that the database has (height).'),
    finalizedHeight: gauge('finalized_height', 'Last finalized block of the node (height).'),
    lagBlocks: gauge('lag_blocks', 'How far the database is behind the finalized head (blocks).'),
    logEvents: gauge('log_events', 'Events in a log.', ['log', 'netuid']),
  }
}
