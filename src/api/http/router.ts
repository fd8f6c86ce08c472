import type { IncomingMessage, ServerResponse } from 'node:http'
import { LedgerError } from '../../errors/ledger-error'
import type { ApiMetrics, OutcomeLabel, RouteLabel } from '../../observability/api-metrics'
import { toGraphQLError } from '../graphql/api-error'
import type { ApiServices } from '../graphql/context'
import { maskError } from '../graphql/mask-errors'
import type { Yoga } from '../graphql/yoga'
import { readiness } from '../health/health'
import { sendJson, sendText } from './answer'
import { asksForPage, sendGraphiQL } from './graphiql-page'
import { answerRaw, isRaw } from './log-route'
import { answerPost } from './post-json'

export interface RouterOptions {
  readonly api: ApiServices
  readonly yoga: Yoga
  readonly metrics: ApiMetrics
  readonly readyLagBlocks: number
  /** Answers what no route of the API does. */
  readonly platforms?: (request: IncomingMessage, response: ServerResponse) => void
  /** Told about failures that the client does not see the reason of. */
  readonly onInternal: (error: unknown) => void
}

const routes: Record<string, RouteLabel> = {
  '/': 'landing',
  '/graphql': 'graphql',
  '/healthz': 'healthz',
  '/readyz': 'readyz',
  '/metrics': 'metrics',
}

/** HTTP statuses of refusals that are not GraphQL's own. */
const statusOf: Record<string, number> = {
  'SL-API-BODY': 413,
  'SL-API-URL': 414,
  'SL-API-BUSY': 503,
  'SL-API-REQUEST-TIME': 503,
  'SL-API-DATABASE': 503,
  'SL-API-INTERNAL': 500,
  'SL-API-METHOD': 405,
  'SL-API-NO-CONTENT': 404,
  'SL-API-MEDIA-TYPE': 415,
  'SL-API-STREAM': 406,
}

/** One request listener: what is asked, who answers it, how long it took. */
export function createRouter(options: RouterOptions): (req: IncomingMessage, res: ServerResponse) => void {
  const { metrics } = options
  let inFlight = 0
  return (request, response) => {
    const started = process.hrtime.bigint()
    const route = routes[pathOf(request)] ?? 'other'
    let outcome: OutcomeLabel = 'ok'
    metrics.inFlight.set(++inFlight)
    response.on('close', () => {
      metrics.inFlight.set(--inFlight)
      const seconds = Number(process.hrtime.bigint() - started) / 1e9
      if (!isStream(request)) metrics.requestSeconds.observe({ route, outcome }, seconds)
    })
    answer(options, route, request, response, inFlight).then(
      (failed) => {
        if (failed) outcome = 'error'
      },
      (error) => {
        outcome = 'refused'
        refuseRequest(options, response, error)
      },
    )
  }
}

async function answer(
  options: RouterOptions,
  route: RouteLabel,
  request: IncomingMessage,
  response: ServerResponse,
  inFlight: number,
): Promise<boolean> {
  const { api, metrics, platforms } = options
  if (route === 'other' && isRaw(pathOf(request))) {
    if (request.method !== 'GET') throw wrongMethod('GET')
    await answerRaw(api.pool, request, response)
    return false
  }
  if (route === 'other' && platforms) {
    platforms(request, response)
    return false
  }
  if (route === 'graphql') return answerGraphQL(options, request, response, inFlight)
  if (request.method !== 'GET' && request.method !== 'HEAD') throw wrongMethod('GET')
  if (route === 'healthz') sendJson(response, 200, { alive: true, version: api.version })
  else if (route === 'readyz') {
    const state = await readiness(api, options.readyLagBlocks)
    sendJson(response, state.ready ? 200 : 503, state)
  } else if (route === 'metrics') {
    sendText(response, 200, metrics.registry.contentType, await metrics.registry.metrics())
  } else if (route === 'landing') sendLanding(api, request, response)
  else sendJson(response, 404, { error: { code: 'SL-API-NO-ROUTE', remedy: 'The API is at /graphql.' } })
  return false
}

async function answerGraphQL(
  { api, yoga }: RouterOptions,
  request: IncomingMessage,
  response: ServerResponse,
  inFlight: number,
): Promise<boolean> {
  const { limits } = api
  if (request.method === 'OPTIONS') {
    await yoga(request, response)
    return false
  }
  if (asksForPage(request) && !request.url?.includes('query=')) {
    await sendGraphiQL(request, response)
    return false
  }
  if (inFlight > limits.maxInFlightRequests) {
    throw new LedgerError('SL-API-BUSY', 'retryable', 'Too many requests at once.', {
      remedy: 'Try again soon.',
    })
  }
  if ((request.url?.length ?? 0) > limits.maxUrlBytes) {
    throw new LedgerError('SL-API-URL', 'user', 'The URL is too long.', { remedy: 'Send the query by POST.' })
  }
  if (request.method !== 'GET' && request.method !== 'POST') throw wrongMethod('GET or POST')
  if (request.method === 'POST') {
    if (!/^application\/(graphql\+)?json\b/i.test(request.headers['content-type'] ?? '')) {
      throw new LedgerError('SL-API-MEDIA-TYPE', 'user', 'The body is not named as JSON.', {
        remedy: 'Send the header `content-type: application/json`.',
      })
    }
    if (!isStream(request)) return answerPost(yoga, limits, request, response)
  }
  await yoga(request, response)
  return response.statusCode >= 400
}

const isStream = (request: IncomingMessage) => request.headers.accept?.includes('text/event-stream') === true

function sendLanding(api: ApiServices, request: IncomingMessage, response: ServerResponse): void {
  if (asksForPage(request)) {
    sendText(response, 302, 'text/plain', 'GraphiQL is at /graphql\n', { location: '/graphql' })
    return
  }
  sendJson(response, 200, {
    name: 'Subledger',
    version: api.version,
    graphql: '/graphql (POST {"query": …}; in a browser: GraphiQL; live: accept: text/event-stream)',
    health: ['/healthz', '/readyz', '/metrics'],
    indexedHeight: api.heads.current.height,
  })
}

function refuseRequest(options: RouterOptions, response: ServerResponse, error: unknown): void {
  const masked = error instanceof LedgerError ? toGraphQLError(error) : maskError(error, options.onInternal)
  const code = String(masked.extensions.code)
  options.metrics.errors.inc({ code })
  // The rest of a refused body is not read, so the connection cannot be used again.
  const headers = { connection: 'close' }
  const status = statusOf[code] ?? 400
  const body = JSON.stringify({ errors: [masked] })
  sendText(response, status, 'application/json; charset=utf-8', body, headers)
}

const wrongMethod = (allowed: string) =>
  new LedgerError('SL-API-METHOD', 'user', 'This method is not answered here.', { remedy: `Use ${allowed}.` })

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/'
  const end = url.indexOf('?')
  const path = end < 0 ? url : url.slice(0, end)
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
