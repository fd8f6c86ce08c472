import { isUtf8 } from 'node:buffer'
import { Agent, type Dispatcher } from 'undici'

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
    /** The connection ended before anything was answered. */
    readonly isUnanswered = false,
  ) {
    super(message)
  }
}

export interface Asked {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Connections to one host. They are kept for a few seconds. */
const CONNECTIONS_MAX = 64
const agent = new Agent({ connections: CONNECTIONS_MAX })
const SOCKET_FAILED = 'UND_ERR_SOCKET'

/**
 * One answer of another host. Redirects are not followed, so nobody is led to a host that was not configured; a body that never
 * ends is cut off by its size or its time. (undici's own core: `fetch` above it takes several times as much of the processor.)
 * @throws FetchFailure
 */
export async function fetchLimited(url: string, limits: FetchLimits, asked: Asked = {}): Promise<Fetched> {
  try {
    return await askOnce(url, limits, asked)
  } catch (error) {
    // The host closed a kept connection at the moment it was used again: it has not seen the question.
    if (error instanceof FetchFailure && error.isUnanswered && (asked.method ?? 'GET') === 'GET') {
      return askOnce(url, limits, asked)
    }
    throw error
  }
}

function askOnce(
  url: string,
  limits: FetchLimits,
  { method = 'GET', headers = {}, body }: Asked,
): Promise<Fetched> {
  const { origin, pathname, search } = new URL(url)
  return new Promise((resolve, reject) => {
    const answer = new LimitedAnswer(limits, resolve, reject)
    agent.dispatch(
      { origin, path: pathname + search, method, headers: { ...headers }, body: body ?? null },
      answer,
    )
  })
}

/** What comes back, as it comes. */
class LimitedAnswer implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = []
  private readonly timer: NodeJS.Timeout
  private bytes = 0
  private status = 0
  private controller: Dispatcher.DispatchController | undefined
  private failure: FetchFailure | undefined

  constructor(
    private readonly limits: FetchLimits,
    private readonly done: (answer: Fetched) => void,
    private readonly failed: (failure: FetchFailure) => void,
  ) {
    const late = `no complete answer within ${limits.timeoutMs} ms`
    this.timer = setTimeout(() => this.fail(new FetchFailure('timed_out', late)), limits.timeoutMs)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.failure) controller.abort(this.failure)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.status = status
    if (status >= 300 && status < 400) this.fail(new FetchFailure('redirected', 'the answer leads elsewhere'))
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length
    const { maxBytes } = this.limits
    if (this.bytes <= maxBytes) this.chunks.push(chunk)
    else this.fail(new FetchFailure('too_large', `the answer has more than ${maxBytes} bytes`))
  }

  onResponseEnd(): void {
    clearTimeout(this.timer)
    if (!this.failure) this.done({ status: this.status, body: Buffer.concat(this.chunks, this.bytes) })
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const isUnanswered = this.status === 0 && (error as { code?: string }).code === SOCKET_FAILED
    const what = this.status === 0 ? 'the host cannot be reached' : 'the answer broke off'
    this.fail(new FetchFailure('unreachable', what, isUnanswered))
  }

  /** The first failure is the one that counts; whatever still comes is not taken. */
  private fail(failure: FetchFailure): void {
    clearTimeout(this.timer)
    if (this.failure) return
    this.failure = failure
    this.failed(failure)
    this.controller?.abort(failure)
  }
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
