import type { IncomingMessage } from 'node:http'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isPrivateAddress } from '../../../http/private-address'
import { Slices } from './slices'

export interface Question {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface AskLimits {
  readonly timeoutMs: number
  readonly responseMaxBytes: number
  readonly isPrivateAllowed: boolean
  /** Ends the question from outside. */
  readonly signal: AbortSignal
}

/** Why there is no answer; `code` is stable. */
export class NoAnswer extends Error {
  constructor(
    readonly code: 'unreachable' | 'timeout' | 'private_address' | 'redirected' | 'response_too_large',
    message: string,
  ) {
    super(message)
    this.name = 'NoAnswer'
  }
}

export interface Heard {
  readonly status: number
  readonly bytes: Buffer
}

/**
 * Asks a validator one thing, on a connection of its own: no redirects, the address that was really reached is looked at before a byte is
 * sent, the whole answer within the time and the size.
 * @throws NoAnswer
 */
export function askValidator(question: Question, limits: AskLimits): Promise<Heard> {
  const { method, url, headers, body } = question
  return new Promise((resolve, reject) => {
    const isTls = url.startsWith('https:')
    const asked = (isTls ? httpsRequest : httpRequest)(url, {
      method,
      agent: false,
      signal: limits.signal,
      headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
    })
    const timer = setTimeout(
      () => asked.destroy(new NoAnswer('timeout', `no whole answer within ${limits.timeoutMs} ms`)),
      limits.timeoutMs,
    )
    const fail = (error: Error) => {
      clearTimeout(timer)
      asked.destroy()
      reject(error instanceof NoAnswer ? error : new NoAnswer('unreachable', error.message))
    }
    asked.on('error', fail)
    asked.on('socket', (socket) =>
      socket.once('connect', () => {
        if (!limits.isPrivateAllowed && isPrivateAddress(socket.remoteAddress ?? '127.0.0.1'))
          asked.destroy(new NoAnswer('private_address', 'the host is in a private network'))
      }),
    )
    asked.on('response', (response) => {
      readWhole(response, limits.responseMaxBytes).then((heard) => {
        clearTimeout(timer)
        resolve(heard)
      }, fail)
    })
    asked.end(body)
  })
}

async function readWhole(response: IncomingMessage, maxBytes: number): Promise<Heard> {
  const status = response.statusCode ?? 0
  if (status >= 300 && status < 400) throw new NoAnswer('redirected', `the host redirects (status ${status})`)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new NoAnswer('response_too_large', `more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return { status, bytes: await joined(chunks, bytes) }
}

/** As Buffer.concat, in slices. */
async function joined(chunks: readonly Buffer[], length: number): Promise<Buffer> {
  const slices = new Slices()
  const whole = Buffer.allocUnsafe(length)
  let at = 0
  for (const chunk of chunks) {
    at += chunk.copy(whole, at)
    if (slices.isOver) await slices.rest()
  }
  return whole
}
