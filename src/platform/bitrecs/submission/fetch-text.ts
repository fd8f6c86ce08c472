import { isUtf8 } from 'node:buffer'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export interface FetchLimits {
  /** For the whole answer, its body included (ms). */
  readonly timeoutMs: number
  readonly maxBytes: number
}

export interface Fetched {
  readonly status: number
  readonly body: Buffer
}

/** An answer that cannot be used, whatever it says: a redirect, too long, too late, or none at all. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure'
  constructor(
    readonly code: 'redirected' | 'too_large' | 'timed_out' | 'unreachable' | 'not_text',
    message: string,
    readonly onKeptConnection = false,
  ) {
    super(message)
  }
}

export interface Asked {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const KEEP_ALIVE = { keepAlive: true, maxSockets: 64 }
const agents = { 'http:': new HttpAgent(KEEP_ALIVE), 'https:': new HttpsAgent(KEEP_ALIVE) }

/**
 * One answer of another host. Redirects are not followed, so nobody is led to a host that was not configured; a body that never
 * ends is cut off by its size or its time. (`fetch` takes three times as much of the processor.)
 * @throws FetchFailure
 */
export async function fetchLimited(url: string, limits: FetchLimits, asked: Asked = {}): Promise<Fetched> {
  try {
    return await askOnce(url, limits, asked)
  } catch (error) {
    // The host closed a kept connection at the moment it was used again: it has not seen the question.
    if (error instanceof FetchFailure && error.onKeptConnection && (asked.method ?? 'GET') === 'GET') {
      return askOnce(url, limits, asked)
    }
    throw error
  }
}

function askOnce(url: string, limits: FetchLimits, asked: Asked): Promise<Fetched> {
  const { protocol } = new URL(url)
  const request = protocol === 'https:' ? httpsRequest : httpRequest
  const agent = agents[protocol as keyof typeof agents]
  const { method = 'GET', headers = {}, body } = asked
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: { ...headers, ...lengthOf(body) } })
    const fail = (failure: FetchFailure) => {
      reject(failure)
      sent.destroy()
    }
    const late = () => fail(new FetchFailure('timed_out', `no complete answer within ${limits.timeoutMs} ms`))
    const timer = setTimeout(late, limits.timeoutMs)
    sent.on('close', () => clearTimeout(timer))
    let isAnswered = false
    sent.on('error', () => {
      const isKept = sent.reusedSocket && !isAnswered
      fail(new FetchFailure('unreachable', 'the host cannot be reached', isKept))
    })
    sent.on('response', (response) => {
      isAnswered = true
      const status = response.statusCode ?? 0
      if (status >= 300 && status < 400) {
        return fail(new FetchFailure('redirected', 'the answer leads elsewhere'))
      }
      collect(response, limits.maxBytes, fail, (bytes) => resolve({ status, body: bytes }))
    })
    sent.end(body)
  })
}

const lengthOf = (body: string | undefined) =>
  body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }

function collect(
  response: IncomingMessage,
  maxBytes: number,
  fail: (failure: FetchFailure) => void,
  done: (bytes: Buffer) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBytes) fail(new FetchFailure('too_large', `the answer has more than ${maxBytes} bytes`))
    else chunks.push(chunk)
  })
  response.on('error', () => fail(new FetchFailure('unreachable', 'the answer broke off')))
  response.on('end', () => {
    if (response.complete) done(Buffer.concat(chunks, bytes))
    else fail(new FetchFailure('unreachable', 'the answer broke off'))
  })
}

/** @throws FetchFailure not_text */
export function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new FetchFailure('not_text', 'the answer is no UTF-8 text')
  return body.toString('utf8')
}

/** @throws FetchFailure not_text */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(textOf(body))
  } catch {
    throw new FetchFailure('not_text', 'the answer is no JSON')
  }
}
