import type { Row, Value } from '../fold/projection'
import type { TableRule } from '../fold/table-rule'
import type { Column } from '../store/columns'
import { binaryValues } from './binary-values'
import type { ByteWriter } from './byte-writer'
import { readers } from './read-values'

/** Room for the value of any column whose size is fixed. */
const FIXED_MAX_BYTES = 16
const NULL_LENGTH = -1

/** How rows of one table look in COPY's binary format. Rows that may still change are kept in it too: a fraction of an object. */
export class RowFormat {
  readonly names: readonly string[]
  private readonly types: readonly string[]
  private readonly indexOf: ReadonlyMap<string, number>
  /** By column: the value that it is given, while a row is patched. */
  private readonly patched: (Value | undefined)[]

  private constructor(
    private readonly table: string,
    columns: readonly Column[],
  ) {
    this.names = columns.map(({ name }) => name)
    this.types = columns.map(({ type }) => type)
    this.indexOf = new Map(this.names.map((name, i) => [name, i]))
    this.patched = this.names.map(() => undefined)
  }

  /** @returns undefined when a column has a default or a type that only PostgreSQL itself can write */
  static of(table: string, columns: readonly Column[], rule: TableRule): RowFormat | undefined {
    if (columns.some(({ type, hasDefault }) => hasDefault || !binaryValues[type])) return undefined
    const late = new Set([
      rule.onClose?.column,
      rule.settled?.column,
      'end_reason',
      rule.openColumn,
      'to_seq',
    ])
    // What changes when a row ends stands together at its end.
    const last = (column: Column) => Number(late.has(column.name))
    return new RowFormat(
      table,
      [...columns].sort((a, b) => last(a) - last(b)),
    )
  }

  write(out: ByteWriter, row: Row): void {
    const { names } = this
    out.room(FIXED_MAX_BYTES)
    out.int16(names.length)
    let given = 0
    for (let i = 0; i < names.length; i++) {
      const value = row[names[i]!]
      if (value !== undefined) given += 1
      this.writeValue(out, i, value)
    }
    if (given < Object.keys(row).length) this.refuseUnknown(row)
  }

  /** Writes the row that begins at `at` with other values in some columns. */
  patch(out: ByteWriter, from: Buffer, at: number, changes: Row): void {
    const { patched } = this
    for (const name in changes) patched[this.index(name)] = changes[name]
    let place = at + 2
    let copied = at
    for (let i = 0; i < patched.length; i++) {
      const length = from.readInt32BE(place)
      const next = place + 4 + (length < 0 ? 0 : length)
      const value = patched[i]
      if (value !== undefined) {
        patched[i] = undefined
        out.copy(from, copied, place)
        this.writeValue(out, i, value)
        copied = next
      }
      place = next
    }
    out.copy(from, copied, place)
  }

  /** Value of one column of the row that begins at `at`. */
  read(from: Buffer, at: number, name: string): Value {
    const column = this.index(name)
    let place = at + 2
    for (let i = 0; i < column; i++) place += 4 + Math.max(0, from.readInt32BE(place))
    return this.readAt(from, place, column)
  }

  readRow(from: Buffer, at: number): Row {
    const row: Record<string, Value> = {}
    let place = at + 2
    for (let i = 0; i < this.names.length; i++) {
      row[this.names[i]!] = this.readAt(from, place, i)
      place += 4 + Math.max(0, from.readInt32BE(place))
    }
    return row
  }

  private readAt(from: Buffer, place: number, column: number): Value {
    const length = from.readInt32BE(place)
    if (length === NULL_LENGTH) return null
    return readers[this.types[column]!]!(from, place + 4, length)
  }

  private index(name: string): number {
    const index = this.indexOf.get(name)
    if (index === undefined) throw new Error(`${this.table} has no column ${name}`)
    return index
  }

  private writeValue(out: ByteWriter, column: number, value: Value | undefined): void {
    out.room(FIXED_MAX_BYTES)
    if (value === null || value === undefined) {
      out.int32(NULL_LENGTH)
      return
    }
    try {
      binaryValues[this.types[column]!]!(out, value)
    } catch (cause) {
      throw new Error(`${this.table}.${this.names[column]}: ${(cause as Error).message}`, { cause })
    }
  }

  private refuseUnknown(row: Row): void {
    for (const name in row) this.index(name)
  }
}
