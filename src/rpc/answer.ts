import { RawJson } from './raw-json'
import { RpcError } from './rpc-error'
import type { RpcRequest, RpcSession } from './server'

export type RpcHandler = (request: RpcRequest, session: RpcSession) => unknown | Promise<unknown>

/** JSON-RPC 2.0, section 5.1. */
const PARSE_ERROR = -32700
const INVALID_REQUEST = -32600
const INTERNAL_ERROR = -32603

/**
 * The answer to one message (a call or a batch) as JSON text; undefined when it holds notifications only.
 * Stays synchronous while the handler does: thousands of cached blocks a second would pay for each promise.
 */
export function answerMessage(
  text: string,
  handle: RpcHandler,
  session: RpcSession,
  maxBatchCalls: number,
): string | undefined | Promise<string | undefined> {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return errorText(null, PARSE_ERROR, 'Parse error: the message is not JSON')
  }
  if (!Array.isArray(message)) return answerCall(message, handle, session)
  if (message.length === 0) return errorText(null, INVALID_REQUEST, 'Invalid request: the batch is empty')
  if (message.length > maxBatchCalls) {
    return errorText(null, INVALID_REQUEST, `Invalid request: a batch may hold ${maxBatchCalls} calls`)
  }
  const answers = message.map((call) => answerCall(call, handle, session))
  return answers.some((it) => it instanceof Promise)
    ? Promise.all(answers).then(joinBatch)
    : joinBatch(answers as string[])
}

function joinBatch(answers: readonly (string | undefined)[]): string | undefined {
  const present = answers.filter((it) => it !== undefined)
  return present.length === 0 ? undefined : `[${present.join(',')}]`
}

function answerCall(
  call: unknown,
  handle: RpcHandler,
  session: RpcSession,
): string | undefined | Promise<string | undefined> {
  if (typeof call !== 'object' || call === null || Array.isArray(call)) {
    return errorText(null, INVALID_REQUEST, 'Invalid request: a call must be an object')
  }
  const { id, method, params } = call as { id?: unknown; method?: unknown; params?: unknown }
  const wantsAnswer = id !== undefined
  if (typeof method !== 'string' || (params !== undefined && params !== null && !Array.isArray(params))) {
    return errorText(id ?? null, INVALID_REQUEST, 'Invalid request: need a method name and positional params')
  }
  try {
    const result = handle({ method, params: params ?? [] }, session)
    if (result instanceof Promise) {
      return result.then(
        (value) => (wantsAnswer ? resultText(id, value) : undefined),
        (error) => (wantsAnswer ? failureText(id, error) : undefined),
      )
    }
    return wantsAnswer ? resultText(id, result) : undefined
  } catch (error) {
    return wantsAnswer ? failureText(id, error) : undefined
  }
}

function resultText(id: unknown, result: unknown): string {
  const text = result instanceof RawJson ? result.text : (JSON.stringify(result) ?? 'null')
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${text}}`
}

function failureText(id: unknown, error: unknown): string {
  if (error instanceof RpcError) return errorText(id, error.code, error.message, error.data)
  return errorText(
    id,
    INTERNAL_ERROR,
    `Internal error: ${error instanceof Error ? error.message : String(error)}`,
  )
}

function errorText(id: unknown, code: number, message: string, data?: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id: id ?? null, error: { code, message, data } })
}
