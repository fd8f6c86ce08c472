import { createHash } from 'node:crypto'
import type { Hex } from '../../../log/envelope'
import { accountOf } from '../../core/signatures'
import type { AutoresearchServices } from '../services'

/** Who signed a request, and what makes it this one request. */
export interface Signer {
  readonly account: Hex
  /** SS58, prefix 42. */
  readonly hotkey: string
  readonly requestHash: string
}

export interface Signed {
  readonly method: string
  /** Path and query as they were requested. */
  readonly url: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, unknown>>
}

export interface SignatureFault {
  readonly code:
    | 'signature_headers_missing'
    | 'hotkey_invalid'
    | 'timestamp_invalid'
    | 'timestamp_skew'
    | 'signature_invalid'
    | 'signature_replayed'
  readonly reason: string
  readonly facts?: Readonly<Record<string, unknown>>
}

/** Hex digits of the nonce point: it is the signature's own and cannot be changed without the key. */
const NONCE_HEX_DIGITS = 64
const MS_PER_SECOND = 1_000

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

/** Name of a signed request in the seen-set: what was signed, by whom, and the nonce point of the signature. */
export const requestHashOf = (account: Hex, message: string, signature: string): string =>
  sha256(`${account}\n${message}\n${signature.replace(/^0x/, '').slice(0, NONCE_HEX_DIGITS).toLowerCase()}`)

/**
 * `BT-AUTH-V1` (spec autoresearch §3): sr25519 by the hotkey over method, path, query, time and body, within the policy's window, once.
 */
export async function checkSigner(
  { method, url, body, headers }: Signed,
  { commands, rules, signatures }: Pick<AutoresearchServices, 'commands' | 'rules' | 'signatures'>,
): Promise<Signer | SignatureFault> {
  const { state } = commands
  const [hotkey, time, signature] = ['x-hotkey', 'x-timestamp', 'x-signature'].map((name) => headers[name])
  if (typeof hotkey !== 'string' || typeof time !== 'string' || typeof signature !== 'string')
    return fault('signature_headers_missing', 'X-Hotkey, X-Timestamp and X-Signature are needed')
  const account = accountOf(hotkey)
  if (account === null) return fault('hotkey_invalid', 'X-Hotkey is no SS58 address of this network')
  if (!/^\d{1,12}$/.test(time)) return fault('timestamp_invalid', 'X-Timestamp is not in unix seconds')
  const timestamp = Number(time)
  const { clockSkewSeconds } = rules.policyAt(state.policies, state.height) ?? rules.defaultPolicy
  const skew = Math.floor(commands.now() / MS_PER_SECOND) - timestamp
  if (Math.abs(skew) > clockSkewSeconds)
    return fault('timestamp_skew', 'X-Timestamp is too far from the present time', {
      window_seconds: clockSkewSeconds,
      skew_seconds: skew,
    })
  const [path, query = ''] = splitUrl(url)
  const message = rules.signingMessage({ method, path, query, timestamp, body })
  if (!(await signatures.check(account, message, signature)))
    return fault('signature_invalid', 'X-Signature is not of this request by X-Hotkey')
  const requestHash = requestHashOf(account, message, signature)
  // By now another copy of the request may have been recorded.
  if (commands.state.seen.has(requestHash))
    return fault('signature_replayed', 'This signature was used before')
  return { account, hotkey, requestHash }
}

export function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}

export const isFault = (found: Signer | SignatureFault): found is SignatureFault => 'code' in found

const fault = (
  code: SignatureFault['code'],
  reason: string,
  facts?: SignatureFault['facts'],
): SignatureFault => ({ code, reason, ...(facts && { facts }) })
