import { WebSocket } from 'ws'
import { LedgerError } from '../errors/ledger-error'
import { withoutCredentials } from './logger'

/** A head answer is a few hundred bytes; a node that sends more than this is not one (bytes). */
const MAX_ANSWER_BYTES = 1_048_576

export interface NodeCall {
  readonly method: string
  readonly params: readonly unknown[]
}

/**
 * Plain JSON-RPC to a node, one connection a call, HTTP or WebSocket by the URL's scheme. It shares no code with
 * the indexer's own client on purpose: what checks the indexer must not fail with it.
 * @throws LedgerError SL-NODE-UNREACHABLE (no answer in `timeoutMs`), SL-NODE-REFUSED (an error answer).
 */
export async function callNode(url: string, call: NodeCall, timeoutMs: number): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, ...call })
  let text: string
  try {
    text = await (url.startsWith('ws') ? overSocket(url, body, timeoutMs) : overHttp(url, body, timeoutMs))
  } catch (cause) {
    throw unreachable(url, cause)
  }
  return resultOf(url, text)
}

async function overHttp(url: string, body: string, timeoutMs: number): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  })
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function overSocket(url: string, body: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { handshakeTimeout: timeoutMs, maxPayload: MAX_ANSWER_BYTES })
    const timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs)
    const settle = (finish: () => void) => {
      clearTimeout(timer)
      finish()
      socket.terminate()
    }
    socket.on('open', () => socket.send(body))
    socket.on('message', (data) => settle(() => resolve(data.toString())))
    socket.on('error', (error) => settle(() => reject(error)))
    socket.on('close', () => settle(() => reject(new Error('the connection was closed'))))
  })
}

function resultOf(url: string, text: string): unknown {
  let answer: { result?: unknown; error?: { message?: unknown } }
  try {
    answer = JSON.parse(text)
  } catch (cause) {
    throw unreachable(url, cause)
  }
  if (answer?.error) {
    throw new LedgerError('SL-NODE-REFUSED', 'retryable', `The node answered with an error.`, {
      remedy: 'Look at the node, or name another one with --rpc.',
      facts: { node: withoutCredentials(url), answer: String(answer.error.message).slice(0, 200) },
    })
  }
  return answer?.result
}

function unreachable(url: string, cause: unknown): LedgerError {
  return new LedgerError('SL-NODE-UNREACHABLE', 'retryable', 'The node gives no answer.', {
    remedy: 'Check that the node runs and can be reached from here, or name another one with --rpc.',
    facts: { node: withoutCredentials(url) },
    cause,
  })
}
