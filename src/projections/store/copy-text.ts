import type { Row, Value } from '../fold/projection'
import type { Column } from './columns'

/** A value that is not null as text of COPY. */
type TextOf = (value: NonNullable<Value>) => string

const SPECIAL = /[\\\n\r\t]/
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text
  return text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character]!)
}

/** JSON holds no raw control characters. */
function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  return text.includes('\\') ? text.replaceAll('\\', '\\\\') : text
}

/** Bytes are `\x…`: one backslash, at their beginning. */
const bytes: TextOf = (value) => (isBytes(value) ? `\\${value}` : escaped(plain(value)))

const isBytes = (value: Value): boolean =>
  typeof value === 'string' && value.charCodeAt(0) === 92 && value.charCodeAt(1) === 120

/** What `json_populate_recordset` makes of a value for a column of plain text. */
function plain(value: NonNullable<Value>): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A time out of the database is text already. */
const time: TextOf = (value) => (value instanceof Date ? value.toISOString() : plain(value))
const anything: TextOf = (value) => escaped(plain(value))
const number: TextOf = (value) => (typeof value === 'number' ? `${value}` : escaped(plain(value)))

/** Quotes and backslashes of an item are escaped for the array, the backslash of `\x` too; then all of it for COPY. */
const quoted = (value: Value): string =>
  value === null ? 'NULL' : `"${plain(value as NonNullable<Value>).replace(/["\\]/g, '\\$&')}"`

/** An array may be given as PostgreSQL's own text, when its row comes out of the database. */
const array: TextOf = (value) =>
  escaped(Array.isArray(value) ? `{${value.map(quoted).join(',')}}` : plain(value))

const byType: Readonly<Record<string, TextOf>> = {
  smallint: number,
  integer: number,
  bigint: number,
  'double precision': number,
  numeric: number,
  bytea: bytes,
  'timestamp with time zone': time,
  json: jsonText,
  jsonb: jsonText,
}

const textOfType = (type: string): TextOf => byType[type] ?? (type.endsWith('[]') ? array : anything)

const NAME = /^[a-z_][a-z0-9_]*$/

/**
 * A function that gives the line of a row. It is made for these columns, as TypeBox makes its checks: reading thirty columns by
 * names that are known only at run time takes ten times as long.
 */
export function lineOf(columns: readonly Column[]): (row: Row) => string {
  const steps = columns.map(({ name }, i) => {
    if (!NAME.test(name)) throw new Error(`no column name: ${name}`)
    const tab = i === 0 ? '' : "text += '\\t';"
    return `${tab} v = row.${name}; text += v === null || v === undefined ? '\\\\N' : w[${i}](v);`
  })
  const body = `let v; let text = ''; ${steps.join('\n')} return text + '\\n'`
  const make = new Function('w', 'row', body) as (writers: readonly TextOf[], row: Row) => string
  const writers = columns.map(({ type }) => textOfType(type))
  return (row) => make(writers, row)
}
