import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql'
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga'
import type { Logger } from '../../observability/logger'
import { limitQueries } from '../limits/limit-plugin'
import { executeCompiled } from './compiled-execution'
import type { ApiContext, ApiServices } from './context'
import { Loaders } from './loaders'
import { MAX_ERRORS_SENT, maskError } from './mask-errors'

export interface NodeContext {
  readonly req?: IncomingMessage
  readonly res?: ServerResponse
}

export type Yoga = YogaServerInstance<NodeContext, ApiContext>

export interface YogaOptions {
  readonly schema: GraphQLSchema
  readonly api: ApiServices
  readonly logger: Logger
  /** Told the code of every error that is sent. */
  readonly onError: (code: string) => void
}

/** GraphQL itself: parse and validation cache, limits, compiled execution, masked errors. No page, no batching. */
export function createGraphQL({ schema, api, logger, onError }: YogaOptions): Yoga {
  const mask = (error: unknown) =>
    maskError(error, (hidden) => logger.error({ err: hidden }, 'a question could not be answered'))
  return createYoga<NodeContext, ApiContext>({
    schema,
    context: ({ res }) => ({ api, loaders: new Loaders(api), response: res }),
    logging: false,
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
    cors: { origin: '*', methods: ['GET', 'POST'], credentials: false },
    maxRequestBodySize: api.limits.maxBodyBytes,
    maskedErrors: { maskError: mask },
    plugins: [limitQueries(api.limits), executeCompiled() as Plugin<ApiContext>, codedErrors(mask, onError)],
  })
}

/** The last word on errors, whatever raised them: validation does not pass the masking of execution. */
function codedErrors(mask: (error: unknown) => GraphQLError, onError: (code: string) => void): Plugin {
  return {
    onExecutionResult({ result, setResult }) {
      if (!result || Array.isArray(result) || !('errors' in result) || !result.errors?.length) return
      const errors = result.errors.slice(0, MAX_ERRORS_SENT).map(mask)
      for (const error of errors) onError(String(error.extensions.code))
      setResult({ ...(result as ExecutionResult), errors })
    },
  }
}
