import type { Value } from '../fold/projection'

/** A value out of PostgreSQL's binary form, as a fold would have given it. */
export type ReadValue = (from: Buffer, at: number, length: number) => Value

const MS_OF_2000 = 946_684_800_000
const MICROSECONDS_PER_MS = 1_000n
const NUMERIC_NEGATIVE = 0x4000
const DIGITS_PER_WORD = 4
const JSONB_VERSION_BYTES = 1

const text: ReadValue = (from, at, length) => from.toString('utf8', at, at + length)
const bytes: ReadValue = (from, at, length) => `\\x${from.toString('hex', at, at + length)}`

/** By the type of the column: the other way round from binary-values.ts. */
export const readers: Readonly<Record<string, ReadValue>> = {
  smallint: (from, at) => from.readInt16BE(at),
  integer: (from, at) => from.readInt32BE(at),
  bigint: (from, at) => from.readBigInt64BE(at).toString(),
  boolean: (from, at) => from[at] === 1,
  'double precision': (from, at) => from.readDoubleBE(at),
  text,
  'character varying': text,
  bytea: bytes,
  json: (from, at, length) => JSON.parse(from.toString('utf8', at, at + length)),
  jsonb: (from, at, length) => JSON.parse(from.toString('utf8', at + JSONB_VERSION_BYTES, at + length)),
  'timestamp with time zone': (from, at) =>
    new Date(MS_OF_2000 + Number(from.readBigInt64BE(at) / MICROSECONDS_PER_MS)).toISOString(),
  numeric,
  'integer[]': array((from, at) => from.readInt32BE(at)),
  'bytea[]': array(bytes),
  'text[]': array(text),
}

/** Number of dimensions, has nulls, type, then size and first index of the only dimension, then its items. */
function array(read: ReadValue): ReadValue {
  return (from, at) => {
    if (from.readInt32BE(at) === 0) return []
    const items: Value[] = []
    let place = at + 20
    for (let left = from.readInt32BE(at + 12); left > 0; left--) {
      const length = from.readInt32BE(place)
      items.push(length < 0 ? null : read(from, place + 4, length))
      place += 4 + Math.max(0, length)
    }
    return items
  }
}

function numeric(from: Buffer, at: number): string {
  const words = from.readInt16BE(at)
  const weight = from.readInt16BE(at + 2)
  const scale = from.readInt16BE(at + 6)
  let digits = ''
  for (let i = 0; i < words; i++) {
    digits += String(from.readInt16BE(at + 8 + 2 * i)).padStart(DIGITS_PER_WORD, '0')
  }
  const wholeDigits = (weight + 1) * DIGITS_PER_WORD
  const before = wholeDigits > 0 ? digits.padEnd(wholeDigits, '0').slice(0, wholeDigits) : '0'
  const after = '0'.repeat(Math.max(0, -wholeDigits)) + digits.slice(Math.max(0, wholeDigits))
  const sign = from.readInt16BE(at + 4) === NUMERIC_NEGATIVE ? '-' : ''
  const whole = before.replace(/^0+(?=\d)/, '')
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${after.padEnd(scale, '0').slice(0, scale)}`
}
