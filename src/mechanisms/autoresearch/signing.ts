import { canonicalJson, type Json } from '../canonical-json'
import { sha256Hex } from '../sha256-hex'

const SCHEME = 'BT-AUTH-V1'

export interface SignedRequest {
  readonly method: string
  readonly path: string
  /** Raw query string without the question mark; empty when there is none. */
  readonly query: string
  /** Unix seconds. */
  readonly timestamp: number
  /** The body as it is sent. */
  readonly body: Uint8Array | string
}

/** The text a hotkey signs with sr25519: six lines (spec autoresearch §3). */
export function signingMessage({ method, path, query, timestamp, body }: SignedRequest): string {
  return [SCHEME, method.toUpperCase(), path, query, String(timestamp), sha256Hex(body)].join('\n')
}

/** The body as the public client serialises it: strings verbatim, no body as the empty string, the rest as sorted ASCII JSON. */
export function canonicalBody(body: Json | undefined): string {
  if (body === undefined || body === null) return ''
  return typeof body === 'string' ? body : canonicalJson(body, 'python')
}

/** The query as the public client encodes it: null values dropped, the rest url-encoded in the given order. */
export function canonicalQuery(
  parameters: readonly (readonly [string, string | number | boolean | null])[],
): string {
  return parameters
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${formEncode(key)}=${formEncode(String(value))}`)
    .join('&')
}

/** Percent encoding of HTML forms as Python's urlencode writes it: space is `+`, `~` stays. */
function formEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+')
}

/** Whether a timestamp is close enough to now; both in unix seconds. */
export function isFresh(timestamp: number, nowSeconds: number, skewSeconds: number): boolean {
  return Number.isSafeInteger(timestamp) && Math.abs(nowSeconds - timestamp) <= skewSeconds
}
