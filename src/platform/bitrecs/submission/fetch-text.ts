import { isUtf8 } from 'node:buffer'

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
  ) {
    super(message)
  }
}

/**
 * One answer of another host. Redirects are not followed, so nobody is led to a host that was not configured; a body that never
 * ends is cut off by its size or its time.
 * @throws FetchFailure
 */
export async function fetchLimited(
  url: string,
  { timeoutMs, maxBytes }: FetchLimits,
  init: RequestInit = {},
): Promise<Fetched> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      throw new FetchFailure('redirected', 'the answer leads elsewhere')
    }
    return { status: response.status, body: await readBody(response, maxBytes) }
  } catch (error) {
    if (error instanceof FetchFailure) throw error
    if (signal.aborted) throw new FetchFailure('timed_out', `no complete answer within ${timeoutMs} ms`)
    throw new FetchFailure('unreachable', 'the host cannot be reached')
  }
}

async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new FetchFailure('too_large', `the answer has more than ${maxBytes} bytes`)
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel()
    throw tooLarge()
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    // Leaving the loop cancels the rest.
    if (bytes > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
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
