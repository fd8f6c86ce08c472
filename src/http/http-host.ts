import type { IncomingMessage, ServerResponse } from 'node:http'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { answerError } from './answer-error'

/** Routes of one subnet system, in a scope of their own: its error shapes and hooks touch no other system. */
export interface RouteModule {
  readonly system: string
  readonly routes: FastifyPluginAsyncTypebox
  /** Before every path, for a system that runs on several subnets of one server. */
  readonly prefix?: string
}

export interface HttpHostOptions {
  readonly modules: readonly RouteModule[]
  readonly version: string
  readonly logger?: FastifyBaseLogger
  /** Take the client's address from X-Forwarded-For: only behind a proxy of one's own. */
  readonly trustProxy?: boolean
}

export interface HttpHost {
  /** Answers a request that no other route of the server took. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** OpenAPI 3.1 of all routes. */
  readonly document: () => unknown
  readonly app: FastifyInstance
  close(): Promise<void>
}

/** What went over the host since it was opened. */
export interface Traffic {
  requests: number
  /** Requests that ended in an unexpected failure (500). */
  exceptions: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Of the whole host, for whichever system shows it. */
    readonly traffic: Readonly<Traffic>
  }
}

const BODY_MAX_BYTES = 1_048_576
const INTERNAL_ERROR = 500

/** HTTP routes that existing clients of the subnets use, with one OpenAPI 3.1 document at /openapi.json made from the routes. */
export async function createHttpHost(options: HttpHostOptions): Promise<HttpHost> {
  const app = fastify({
    bodyLimit: BODY_MAX_BYTES,
    trustProxy: options.trustProxy ?? false,
    ...(options.logger && { loggerInstance: options.logger, disableRequestLogging: true }),
    ajv: { customOptions: { coerceTypes: 'array', removeAdditional: false } },
  }) as unknown as FastifyInstance
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((_, reply) => {
    const remedy = 'The API is at /graphql; routes of the platforms are listed at /openapi.json.'
    void reply.status(404).send({ error: { code: 'SL-API-NO-ROUTE', remedy } })
  })
  const traffic: Traffic = { requests: 0, exceptions: 0 }
  app.decorate('traffic', traffic)
  app.addHook('onRequest', async () => {
    traffic.requests += 1
  })
  app.addHook('onResponse', async (_, { statusCode }) => {
    if (statusCode === INTERNAL_ERROR) traffic.exceptions += 1
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Subledger platforms', version: options.version },
      tags: options.modules.map(({ system }) => ({ name: system })),
    },
  })
  await app.register(rateLimit, { global: false })
  for (const { system, routes, prefix } of options.modules) {
    await app.register(async (scope) => {
      scope.addHook('onRoute', (route) => {
        route.schema = { tags: [system], ...route.schema }
      })
      await scope.register(routes, prefix ? { prefix } : {})
    })
  }
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await app.ready()
  return {
    app,
    handle: (request, response) => app.routing(request, response),
    document: () => app.swagger(),
    close: () => app.close(),
  }
}
