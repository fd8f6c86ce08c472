import type { Value } from '../fold/projection'
import type { ByteWriter } from './byte-writer'

/** Writes one value that is not null: its length, then its bytes as PostgreSQL's receive function takes them. */
export type WriteValue = (out: ByteWriter, value: NonNullable<Value>) => void

const JSONB_VERSION = 1
const MS_OF_2000 = 946_684_800_000
const MICROSECONDS_PER_MS = 1_000

/** By the type of the column. A table with another type is written as text. */
export const binaryValues: Readonly<Record<string, WriteValue>> = {
  smallint: (out, value) => {
    out.int32(2)
    out.int16(whole(value))
  },
  integer: (out, value) => {
    out.int32(4)
    out.int32(whole(value))
  },
  bigint: (out, value) => {
    out.int32(8)
    if (typeof value === 'number') out.int64(whole(value))
    else bigint(out, BigInt(value as string))
  },
  boolean: (out, value) => {
    if (typeof value !== 'boolean') throw unfit(value)
    out.int32(1)
    out.bytes[out.length++] = value ? 1 : 0
  },
  'double precision': (out, value) => {
    out.int32(8)
    out.bytes.writeDoubleBE(Number(value), out.length)
    out.length += 8
  },
  text: (out, value) => out.text(plain(value)),
  'character varying': (out, value) => out.text(plain(value)),
  bytea: (out, value) => out.hex(value as string),
  json: (out, value) => json(out, value, false),
  jsonb: (out, value) => json(out, value, true),
  'timestamp with time zone': (out, value) => {
    out.int32(8)
    out.int64(microseconds(value))
  },
  numeric: (out, value) => numeric(out, String(value)),
}

function json(out: ByteWriter, value: Value, isBinary: boolean): void {
  const at = out.length
  out.room(5)
  out.length = at + 4
  if (isBinary) out.bytes[out.length++] = JSONB_VERSION
  out.raw(JSON.stringify(value))
  const end = out.length
  out.length = at
  out.int32(end - at - 4)
  out.length = end
}

/** What `json_populate_recordset` makes of a value for a column of text. */
function plain(value: NonNullable<Value>): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function unfit(value: unknown): Error {
  return new Error(`not a value of its column: ${String(value).slice(0, 40)}`)
}

function whole(value: Value): number {
  const number = typeof value === 'number' ? value : Number(value as string)
  if (!Number.isSafeInteger(number)) throw unfit(value)
  return number
}

function bigint(out: ByteWriter, value: bigint): void {
  out.bytes.writeBigInt64BE(value, out.length)
  out.length += 8
}

function microseconds(value: Value): number {
  const ms = value instanceof Date ? value.getTime() : Number.NaN
  if (Number.isNaN(ms)) throw unfit(value)
  return (ms - MS_OF_2000) * MICROSECONDS_PER_MS
}

const NUMERIC = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/
const NUMERIC_NEGATIVE = 0x4000
const DIGITS_PER_WORD = 4

/** Words of four decimal digits, aligned at the point, without leading and trailing words of zero. */
function numeric(out: ByteWriter, text: string): void {
  const small = smallNumber(text)
  if (small > 0) {
    smallNumeric(out, small)
    return
  }
  const parts = NUMERIC.exec(text)
  if (!parts) throw unfit(text)
  const exponent = Number(parts[4] ?? 0)
  let digits = parts[2]! + (parts[3] ?? '')
  let scale = (parts[3]?.length ?? 0) - exponent
  if (scale < 0) {
    digits += '0'.repeat(-scale)
    scale = 0
  }
  if (digits.length <= scale) digits = '0'.repeat(scale - digits.length + 1) + digits
  const wholeDigits = digits.length - scale
  const words = wordsOf(digits.slice(0, wholeDigits), digits.slice(wholeDigits))
  out.room(12 + 2 * words.length)
  out.int32(8 + 2 * words.length)
  out.int16(words.length)
  out.int16(words.weight)
  out.int16(parts[1] === '-' && words.length > 0 ? NUMERIC_NEGATIVE : 0)
  out.int16(scale)
  for (const word of words.values) out.int16(word)
}

/** Exact as a number. */
const SMALL_MAX_DIGITS = 15
const WORD = 10_000

/** A positive whole number, as most are that a log holds. @returns 0 when it is another one */
function smallNumber(text: string): number {
  if (text.length > SMALL_MAX_DIGITS) return 0
  let number = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return 0
    number = number * 10 + digit
  }
  return number
}

function smallNumeric(out: ByteWriter, number: number): void {
  let [first, weight, words] = [1, 0, 1]
  for (; first * WORD <= number; weight++) first *= WORD
  let last = first
  for (; number % last !== 0; words++) last /= WORD
  out.room(12 + 2 * words)
  out.int32(8 + 2 * words)
  out.int16(words)
  out.int16(weight)
  out.int16(0)
  out.int16(0)
  for (let unit = first; unit >= last; unit /= WORD) out.int16(Math.floor(number / unit) % WORD)
}

function wordsOf(before: string, after: string) {
  const padded = before.padStart(Math.ceil(before.length / DIGITS_PER_WORD) * DIGITS_PER_WORD, '0')
  const fraction = after.padEnd(Math.ceil(after.length / DIGITS_PER_WORD) * DIGITS_PER_WORD, '0')
  const all = padded + fraction
  const values: number[] = []
  for (let i = 0; i < all.length; i += DIGITS_PER_WORD) values.push(Number(all.slice(i, i + DIGITS_PER_WORD)))
  let weight = padded.length / DIGITS_PER_WORD - 1
  while (values.length > 0 && values[0] === 0) {
    values.shift()
    weight -= 1
  }
  while (values.length > 0 && values.at(-1) === 0) values.pop()
  return { values, length: values.length, weight: values.length === 0 ? 0 : weight }
}
