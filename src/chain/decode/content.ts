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
