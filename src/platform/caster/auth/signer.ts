import { createHash } from 'node:crypto'
import type { Hex } from '../../../log/envelope'
import type { SignatureChecks } from '../../core/signature-checks'
import { accountOf } from '../../core/signatures'
import type { Refusal } from '../answer'
import type { CasterRules } from '../rules'

/** Who signed a request, and what makes it this one request. */
export interface Signer {
  readonly account: Hex
  /** SS58, prefix 42. */
  readonly hotkey: string
  readonly requestHash: string
  /** Time and nonce when they were signed too: such a request counts once. */
  readonly strict: { readonly timestamp: number; readonly nonce: string } | null
}

export interface Signed {
  readonly method: string
  /** Path and query as they were requested. */
  readonly url: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, unknown>>
}

export interface SignatureRules {
  readonly rules: CasterRules
  readonly signatures: SignatureChecks
  /** Time and nonce are obligatory. */
  readonly isStrict: boolean
  readonly skewSeconds: number
  readonly nowMs: number
}

export type SignatureFault = Pick<Refusal, 'code' | 'reason' | 'facts'>

export const TIMESTAMP_HEADER = 'x-caster-timestamp'
export const NONCE_HEADER = 'x-caster-nonce'

const NONCE = /^[A-Za-z0-9_-]{16,64}$/
const MS_PER_SECOND = 1_000

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

/**
 * `Authorization: Bittensor ss58="…",sig="…"` over method, path with query and body (spec caster §11); with both extra headers also over
 * time and nonce, so that a captured request is worth nothing. Either extra header alone is a fault, never a fallback to the weaker form.
 */
export async function checkSigner(
  { method, url, body, headers }: Signed,
  { rules, signatures, isStrict, skewSeconds, nowMs }: SignatureRules,
): Promise<Signer | SignatureFault> {
  const { authorization } = headers
  if (typeof authorization !== 'string' || authorization === '')
    return {
      code: 'missing_signature',
      reason: 'An Authorization header is needed: Bittensor ss58="…",sig="…"',
    }
  const found = rules.parseAuthorization(authorization)
  const account = found ? accountOf(found.ss58) : null
  if (!found || account === null)
    return { code: 'invalid_signature', reason: 'The Authorization header is not of its form' }
  const strict = strictOf(headers, isStrict)
  if (strict && 'code' in strict) return strict
  const skew = strict ? Math.floor(nowMs / MS_PER_SECOND) - strict.timestamp : 0
  if (Math.abs(skew) > skewSeconds) {
    const facts = { window_seconds: skewSeconds, skew_seconds: skew }
    return { code: 'timestamp_skew', reason: `${TIMESTAMP_HEADER} is too far from the present time`, facts }
  }
  const message = rules.signingMessage({ method, pathQs: url, body, ...(strict && { strict }) })
  if (!(await signatures.check(account, message, found.signature)))
    return { code: 'invalid_signature', reason: 'The signature is not of this request by this hotkey' }
  // Without a nonce the signature itself tells one request from another.
  const requestHash = sha256(`${account}\n${message}\n${strict ? '' : found.signature}`)
  return { account, hotkey: found.ss58, requestHash, strict }
}

function strictOf(headers: Signed['headers'], isObligatory: boolean): Signer['strict'] | SignatureFault {
  const [time, nonce] = [headers[TIMESTAMP_HEADER], headers[NONCE_HEADER]]
  if (time === undefined && nonce === undefined && !isObligatory) return null
  if (time === undefined || nonce === undefined)
    return { code: 'timestamp_nonce_required', reason: `${TIMESTAMP_HEADER} and ${NONCE_HEADER} are needed` }
  if (typeof time !== 'string' || !/^\d{1,12}$/.test(time))
    return { code: 'timestamp_invalid', reason: `${TIMESTAMP_HEADER} is not in unix seconds` }
  if (typeof nonce !== 'string' || !NONCE.test(nonce))
    return { code: 'nonce_invalid', reason: `${NONCE_HEADER} is not 16 to 64 characters of A-Z a-z 0-9 _ -` }
  return { timestamp: Number(time), nonce }
}

export const isFault = (found: Signer | SignatureFault): found is SignatureFault => 'code' in found
