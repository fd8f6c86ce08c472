import { encode } from '@metamask/abi-utils'
import { LedgerError } from '../../errors/ledger-error'
import { fromHex } from './hex'

const WORD_BYTES = 32
const ADDRESS_BYTES = 20
const BYTE_BITS = 8n

/** How one 32-byte word of a leaf's preimage is filled. */
export type Word =
  | { readonly kind: 'uint'; readonly bits: 64 | 256; readonly value: bigint }
  | { readonly kind: 'address'; readonly value: string }
  | { readonly kind: 'bytes32'; readonly value: string }

/**
 * A preimage laid out once by the ABI library with a constant first string, whose static words are then overwritten for
 * each claim: the layout is the library's, the speed is that of copying 32 bytes.
 */
export function taggedTemplate(tag: string, types: readonly string[]): Uint8Array {
  const zeros = types.map((type) =>
    type.startsWith('uint') ? 0n : type === 'address' ? `0x${'00'.repeat(20)}` : `0x${'00'.repeat(32)}`,
  )
  return new Uint8Array(encode(['string', ...types], [tag, ...zeros]))
}

/** Writes a word at its position (counted in words). */
export function writeWord(target: Uint8Array, position: number, word: Word, field: string): void {
  const start = position * WORD_BYTES
  if (word.kind === 'uint') writeUint(target, start, word.value, word.bits, field)
  else if (word.kind === 'address')
    target.set(fromHex(word.value, ADDRESS_BYTES, field), start + WORD_BYTES - ADDRESS_BYTES)
  else target.set(fromHex(word.value, WORD_BYTES, field), start)
}

function writeUint(target: Uint8Array, start: number, value: bigint, bits: 64 | 256, field: string): void {
  if (value < 0n || value >> BigInt(bits) !== 0n) {
    throw new LedgerError('SL-CLAIMS-RANGE', 'user', `${field} is not an unsigned integer of ${bits} bits.`, {
      remedy: `Give ${field} as a decimal integer from 0 to 2^${bits} - 1.`,
      facts: { field, value: String(value) },
    })
  }
  const view = new DataView(target.buffer, target.byteOffset + start, WORD_BYTES)
  for (let at = WORD_BYTES - 8, rest = value; at >= 0; at -= 8, rest >>= 8n * BYTE_BITS) {
    view.setBigUint64(at, rest & 0xffff_ffff_ffff_ffffn)
  }
}
