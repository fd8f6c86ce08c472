import { GraphQLScalarType, Kind } from 'graphql'
import { accountFrom, toSs58 } from '../graphql/account'
import { refuse } from '../graphql/api-error'

/** Longest bytes argument: twice the largest commitment, as hex digits. */
const MAX_HEX_DIGITS = 8192

export const scalarTypes = /* GraphQL */ `
  "An account: SS58 address in answers; SS58 or 0x hex of the 32-byte public key in arguments."
  scalar Account
  "Bytes as 0x and lower-case hex digits."
  scalar Hex
  "A non-negative integer that may exceed 2^53 (u64, u128, rao), as a decimal string."
  scalar BigInt
  "ISO 8601, UTC."
  scalar DateTime
  "Any JSON value."
  scalar JSON
`

function hexFrom(value: unknown): string {
  if (typeof value === 'string' && value.length <= MAX_HEX_DIGITS && /^0x([0-9a-fA-F]{2})*$/.test(value)) {
    return value.toLowerCase()
  }
  throw refuse('SL-API-HEX', 'This is not hex.', 'Give 0x and an even number of hex digits.')
}

function bigIntFrom(value: unknown): string {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text === 'string' && /^(0|[1-9][0-9]{0,38})$/.test(text)) return text
  throw refuse(
    'SL-API-BIGINT',
    'This is not a non-negative integer.',
    'Give digits, as a string beyond 2^53.',
  )
}

/** Literal and variable take the same way in; only texts and integers are accepted. */
const scalar = (name: string, serialize: (value: unknown) => unknown, parse: (value: unknown) => unknown) =>
  new GraphQLScalarType({
    name,
    serialize,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : null),
  })

export const scalarResolvers = {
  Account: scalar('Account', (value) => toSs58(bytesAsHex(value)), accountFrom),
  Hex: scalar('Hex', bytesAsHex, hexFrom),
  BigInt: scalar('BigInt', String, bigIntFrom),
  DateTime: scalar('DateTime', isoTime, String),
  // Only ever in answers; an argument of this type does not exist.
  JSON: new GraphQLScalarType({ name: 'JSON' }),
}

/** Bytes come from the database as buffers and from event payloads as hex. */
function bytesAsHex(value: unknown): string {
  return Buffer.isBuffer(value) ? `0x${value.toString('hex')}` : String(value)
}

function isoTime(value: unknown): string {
  return value instanceof Date ? value.toISOString() : new Date(value as number | string).toISOString()
}
