import { u8aToHex } from '@polkadot/util'
import { decodeAddress, encodeAddress } from '@polkadot/util-crypto'
import { sr25519Verify, waitReady } from '@polkadot/wasm-crypto'
import type { Hex } from '../../log/envelope'

/** Accounts of Bittensor are written with this prefix. */
const SS58_PREFIX = 42
const SIGNATURE_BYTES = 64
/** As the reference checks it: 48 characters, base58, beginning with 5. */
const HOTKEY = /^5[1-9A-HJ-NP-Za-km-z]{47}$/

/** The 32-byte account as hex; null for whatever is no SS58 address of this network. */
export function accountOf(address: string): Hex | null {
  if (!HOTKEY.test(address)) return null
  try {
    return u8aToHex(decodeAddress(address, false, SS58_PREFIX))
  } catch {
    return null
  }
}

/** An account as clients write it. */
export const addressOf = (account: Hex): string => encodeAddress(account, SS58_PREFIX)

/** To be awaited once before the first signature is looked at. */
export const signaturesReady = async (): Promise<void> => {
  await waitReady()
}

/**
 * An sr25519 signature over a text, given as hex with or without 0x: in WebAssembly, a tenth of the time that JavaScript takes.
 * The key is the hotkey itself, so a message of one hotkey never counts for another.
 */
export function isSignedBy(account: Hex | null, message: string, signature: string): boolean {
  const hex = signature.startsWith('0x') ? signature.slice(2) : signature
  if (account === null || hex.length !== 2 * SIGNATURE_BYTES || !/^[0-9a-fA-F]+$/.test(hex)) return false
  try {
    const key = Buffer.from(account.slice(2), 'hex')
    return sr25519Verify(Buffer.from(hex, 'hex'), Buffer.from(message, 'utf8'), key)
  } catch {
    return false
  }
}
