import { LedgerError } from '../../errors/ledger-error'

/** `0x` and lower case, as Ethereum tools write bytes. */
export function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
}

/**
 * Bytes of a hex string of exactly `length` bytes, with or without `0x`, in either case.
 * @throws LedgerError SL-CLAIMS-HEX
 */
export function fromHex(text: string, length: number, field: string): Uint8Array {
  const digits = text.startsWith('0x') ? text.slice(2) : text
  if (digits.length !== length * 2 || !/^[0-9a-fA-F]*$/.test(digits)) {
    throw new LedgerError('SL-CLAIMS-HEX', 'user', `${field} is not ${length} bytes of hex.`, {
      remedy: `Write ${field} as 0x and ${length * 2} hex digits.`,
      facts: { field },
    })
  }
  return new Uint8Array(Buffer.from(digits, 'hex'))
}
