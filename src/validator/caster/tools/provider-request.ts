import type { Json } from '../../../mechanisms/canonical-json'
import { ToolFailed } from './tool'

/** More than this is no answer of a search or of a model of 131,072 tokens. */
const ANSWER_MAX_BYTES = 4_194_304

export interface ProviderRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON by POST; absent: GET. */
  readonly body?: Json
  readonly signal: AbortSignal
}

/** Answer of a provider that is not 2xx. Its text may name keys, so it is not kept. */
export class ProviderRefused extends ToolFailed {
  constructor(readonly status: number) {
    super('provider_error', `the provider answered with status ${status}`)
  }
}

/** @throws ProviderRefused, ToolFailed provider_error; what fetch throws when there is no connection or the signal aborts */
export async function askProvider({ url, headers, body, signal }: ProviderRequest): Promise<Json> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    // The key is meant for this host alone.
    redirect: 'error',
    signal,
    headers: {
      accept: 'application/json',
      ...headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new ProviderRefused(response.status)
  }
  const bytes = await readLimited(response, ANSWER_MAX_BYTES)
  if (!bytes) throw new ToolFailed('provider_error', 'the provider’s answer is too large')
  try {
    return JSON.parse(bytes.toString('utf8')) as Json
  } catch {
    throw new ToolFailed('provider_error', 'the provider’s answer is no JSON')
  }
}

/** A body of at most so many bytes; undefined when it is longer, and nothing more is read of it. */
export async function readLimited(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of response.body ?? []) {
    bytes += piece.length
    // Leaving the loop cancels the stream.
    if (bytes > maxBytes) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
