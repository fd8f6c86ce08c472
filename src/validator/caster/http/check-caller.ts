import type { Hex } from '../../../log/envelope'
import { parseAuthorization, signingMessage } from '../../../mechanisms/caster/signing'
import { accountOf, isSignedBy } from '../../../platform/core/signatures'
import type { SeenNonces } from './seen-nonces'

/** Whose hotkey it is: the subnet owner's, somebody else's, or nobody's that the chain knows. */
export type Ownership = 'owner' | 'foreign' | 'unknown'

/** Asked about each caller. Throws when the chain does not answer. */
export type OwnershipCheck = (account: Hex) => Promise<Ownership>

export interface CallerRules {
  readonly ownership: OwnershipCheck
  readonly nonces: SeenNonces
  /** Time and nonce are obligatory. */
  readonly isStrict: boolean
  readonly clock: () => number
}

export interface SignedCall {
  readonly method: string
  /** Path with the query string, as it was requested. */
  readonly url: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, unknown>>
}

export interface CallerFault {
  readonly status: 401 | 403 | 503
  readonly detail: string
  readonly message: string
  readonly facts?: Readonly<Record<string, unknown>>
}

export interface Caller {
  readonly account: Hex
  readonly ss58: string
}

const MS_PER_SECOND = 1_000
/** A request may be so old, or so far ahead of this machine's clock. */
const WINDOW_SECONDS = 120
const NONCE = /^[A-Za-z0-9_-]{16,64}$/

/**
 * Who calls: a hotkey's sr25519 signature over method, path and body, owned by the coldkey that owns the subnet (spec caster §11). With
 * time and nonce, which are then signed too, a captured request does not count again (gap C7).
 */
export async function checkCaller(call: SignedCall, rules: CallerRules): Promise<Caller | CallerFault> {
  const { authorization } = call.headers
  if (typeof authorization !== 'string') return fault(401, 'missing_signature', 'Authorization is missing')
  const parsed = parseAuthorization(authorization)
  const account = parsed ? accountOf(parsed.ss58) : null
  if (!parsed || account === null)
    return fault(401, 'invalid_signature', 'Authorization is not Bittensor ss58="…",sig="…"')
  const strict = strictOf(call, rules)
  if (strict && 'detail' in strict) return strict
  const text = signingMessage({
    method: call.method,
    pathQs: call.url,
    body: call.body,
    ...(strict && { strict }),
  })
  if (!isSignedBy(account, text, parsed.signature))
    return fault(401, 'invalid_signature', 'the signature is not of this request by this hotkey')
  let ownership: Ownership
  try {
    ownership = await rules.ownership(account)
  } catch {
    return fault(503, 'chain_unavailable', 'the chain does not say who owns the subnet')
  }
  if (ownership === 'unknown') return fault(403, 'unknown_hotkey', 'the chain knows no owner of this hotkey')
  if (ownership === 'foreign')
    return fault(403, 'foreign_hotkey', 'the hotkey is not owned by the owner of the subnet')
  // Only now: nonces of strangers would fill the set.
  if (strict && !rules.nonces.add(`${account}/${strict.nonce}`, untilMs(strict.timestamp)))
    return fault(401, 'nonce_replayed', 'this nonce was used before')
  return { account, ss58: parsed.ss58 }
}

function strictOf(
  { headers }: SignedCall,
  { isStrict, clock }: CallerRules,
): { readonly timestamp: number; readonly nonce: string } | CallerFault | undefined {
  const [time, nonce] = [headers['x-caster-timestamp'], headers['x-caster-nonce']]
  if (time === undefined && nonce === undefined && !isStrict) return undefined
  if (typeof time !== 'string' || !/^\d{1,12}$/.test(time))
    return fault(401, 'timestamp_invalid', 'X-Caster-Timestamp is not in unix seconds')
  if (typeof nonce !== 'string' || !NONCE.test(nonce))
    return fault(401, 'nonce_invalid', 'X-Caster-Nonce is not of 16 to 64 url-safe characters')
  const timestamp = Number(time)
  const skew = Math.floor(clock() / MS_PER_SECOND) - timestamp
  if (Math.abs(skew) > WINDOW_SECONDS)
    return fault(401, 'timestamp_skew', 'X-Caster-Timestamp is too far from the present time', {
      window_seconds: WINDOW_SECONDS,
      skew_seconds: skew,
    })
  return { timestamp, nonce }
}

/** As long as the time of the request would be taken. */
const untilMs = (timestamp: number) => (timestamp + WINDOW_SECONDS + 1) * MS_PER_SECOND

const fault = (
  status: CallerFault['status'],
  detail: string,
  message: string,
  facts?: CallerFault['facts'],
): CallerFault => ({ status, detail, message, ...(facts && { facts }) })
