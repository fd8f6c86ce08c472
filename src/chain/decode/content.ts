import { sha256 } from '@noble/hashes/sha256'
import type { Data } from '../../../abi/commitments'
import type { PayloadOf } from '../../log/catalogue'

export type CommitmentFields = NonNullable<PayloadOf<'Committed'>['fields']>

export function fieldsOfData(data: readonly Data[]): CommitmentFields {
  return data.map((field) => {
    if ('encrypted' in field) {
      return { kind: field.__kind, bytes: field.encrypted, revealRound: `${field.revealRound}` }
    }
    return { kind: field.__kind, bytes: 'value' in field ? field.value : null, revealRound: null }
  })
}

/**
 * What a timelocked commitment says. The Python client locks text as SCALE writes it, with its length before it, and the
 * chain keeps that; a length that is exactly right is taken off, anything else stays as it is (`encrypt_commitment` of
 * github.com/opentensor/bittensor-drand, `decode_revealed_commitment` of github.com/opentensor/bittensor).
 */
export function revealedContent(plaintext: string): string {
  const bytes = Buffer.from(plaintext.slice(2), 'hex')
  const [first = 0, second = 0] = bytes
  const mode = first & 0b11
  if (mode === 0 && first >> 2 === bytes.length - 1 && bytes.length > 1) return `0x${plaintext.slice(4)}`
  const long = ((second << 8) | first) >> 2
  const isLong = mode === 1 && long >= 64 && long === bytes.length - 2
  return isLong ? `0x${plaintext.slice(6)}` : plaintext
}

/** SHA-256 over the concatenated bytes of the fields that can be read now (a timelocked one cannot). */
export function hashOfFields(fields: CommitmentFields): string {
  const hash = sha256.create()
  for (const field of fields) {
    if (field.bytes !== null && field.revealRound === null)
      hash.update(Buffer.from(field.bytes.slice(2), 'hex'))
  }
  return `0x${Buffer.from(hash.digest()).toString('hex')}`
}

export function hashOfBytes(hex: string): string {
  return `0x${Buffer.from(sha256(Buffer.from(hex.slice(2), 'hex'))).toString('hex')}`
}
