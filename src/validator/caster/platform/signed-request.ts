import { randomBytes } from 'node:crypto'
import { signingMessage } from '../../../mechanisms/caster/signing'
import type { ScriptSigner } from '../submit-script'

const MS_PER_SECOND = 1_000
const NONCE_BYTES = 16

export interface SignedRequestOptions {
  readonly baseUrl: string
  readonly method: 'GET' | 'POST'
  /** Path with the query string. */
  readonly pathQs: string
  readonly body?: string
  readonly signer: ScriptSigner
  /** Signs time and nonce too, which the published platform does not know (gap C7). */
  readonly isStrict: boolean
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** Headers of a request signed by a hotkey (spec caster §11). */
export function signedHeaders(
  { method, pathQs, body = '', signer, isStrict }: SignedRequestOptions,
  nowMs: number,
): Record<string, string> {
  const strict = {
    timestamp: Math.floor(nowMs / MS_PER_SECOND),
    nonce: randomBytes(NONCE_BYTES).toString('base64url'),
  }
  const text = signingMessage({ method, pathQs, body, ...(isStrict && { strict }) })
  return {
    authorization: `Bittensor ss58="${signer.address}",sig="${signer.sign(text)}"`,
    ...(isStrict && {
      'x-caster-timestamp': String(strict.timestamp),
      'x-caster-nonce': strict.nonce,
    }),
  }
}

/** Sends a signed request; a redirect is an error, since what was signed names the path. */
export async function signedRequest(options: SignedRequestOptions): Promise<Response> {
  const { baseUrl, method, pathQs, body, timeoutMs, signal } = options
  const limit = AbortSignal.timeout(timeoutMs)
  return fetch(`${baseUrl}${pathQs}`, {
    method,
    redirect: 'error',
    signal: signal ? AbortSignal.any([limit, signal]) : limit,
    headers: {
      ...signedHeaders(options, Date.now()),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  })
}
