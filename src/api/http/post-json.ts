import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { LedgerError } from '../../errors/ledger-error'
import type { Yoga } from '../graphql/yoga'
import type { ApiLimits } from '../limits/limits'
import { safeHeaders } from './answer'
import { parseParams, readBody } from './read-body'

const RESPONSE_TYPE = 'application/graphql-response+json'

/**
 * The common request: a JSON body in, one JSON answer out. It goes through the same plugins as every other request
 * but past the Fetch API's Request and Response objects, which cost as much as a small query.
 * @returns whether the answer carries errors
 */
export async function answerPost(
  yoga: Yoga,
  limits: ApiLimits,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const params = parseParams(await readBody(request, limits.maxBodyBytes))
  const result = await withinTime(
    limits.requestTimeoutMs,
    // The request object is only handed through to plugins, and ours do not read it.
    yoga.getResultForParams({ params, request: undefined as never }, {
      req: request,
      res: response,
    } as never),
  )
  if (!isSingleResult(result)) {
    throw new LedgerError('SL-API-STREAM', 'user', 'A live query needs an answer that streams.', {
      remedy: 'Send the header `accept: text/event-stream`.',
    })
  }
  return write(request, response, result)
}

function write(request: IncomingMessage, response: ServerResponse, result: ExecutionResult): boolean {
  const modern = request.headers.accept?.includes(RESPONSE_TYPE) === true
  const body = JSON.stringify(result)
  if (response.destroyed) return true
  response.writeHead(modern && result.data === undefined ? 400 : 200, {
    ...safeHeaders,
    'content-type': modern ? `${RESPONSE_TYPE}; charset=utf-8` : 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
  return result.errors !== undefined
}

const isSingleResult = (result: unknown): result is ExecutionResult =>
  typeof result === 'object' && result !== null && !(Symbol.asyncIterator in result)

function withinTime<T>(limitMs: number, work: T | PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new LedgerError('SL-API-REQUEST-TIME', 'retryable', 'The answer took too long.', {
          remedy: 'Ask for less in one request, or try again when the server is less busy.',
          facts: { limitMs },
        }),
      )
    }, limitMs)
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}
