import { codec } from '@subsquid/ss58'
import { refuse } from './api-error'

/** Generic Substrate prefix, which Bittensor uses. */
const SS58_PREFIX = 42
/** Addresses kept: the miners of a large deployment several times over (entries of about 200 bytes). */
const MAX_CACHED_ADDRESSES = 20_000

const ss58 = codec(SS58_PREFIX)
const addressOf = new Map<string, string>()

/** 32-byte account as `0x` hex → SS58. Encoding hashes and divides (10 µs), so addresses are remembered. */
export function toSs58(hex: string): string {
  const known = addressOf.get(hex)
  if (known !== undefined) return known
  const address = ss58.encode(hex)
  if (addressOf.size >= MAX_CACHED_ADDRESSES) addressOf.clear()
  addressOf.set(hex, address)
  return address
}

/**
 * SS58 with prefix 42, or `0x` hex of 32 bytes → lower-case hex.
 * @throws LedgerError SL-API-ACCOUNT
 */
export function accountFrom(text: unknown): string {
  if (typeof text === 'string' && /^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase()
  if (typeof text === 'string' && text.length <= 60) {
    try {
      const hex = ss58.decode(text)
      if (hex.length === 66) return hex
    } catch {
      // Falls through to the one message for every malformed address.
    }
  }
  throw refuse(
    'SL-API-ACCOUNT',
    'This is not an account.',
    'Give an SS58 address (starting with 5) or 0x and 64 hex digits.',
  )
}
