import type { Row } from '../fold/projection'
import type { Column } from '../store/columns'
import { binaryValues, type WriteValue } from './binary-values'
import { ByteWriter } from './byte-writer'

/** Room for the value of any column whose size is fixed. */
const FIXED_MAX_BYTES = 16
const NAME = /^[a-z_][a-z0-9_]*$/

type Write = (out: ByteWriter, row: Row, writers: readonly WriteValue[]) => void

/** Writes rows of these columns in COPY's binary format. */
export class BinaryRows {
  private readonly writeRow: Write
  private readonly writers: readonly WriteValue[]
  private isChecked = false

  private constructor(
    private readonly table: string,
    private readonly columns: readonly Column[],
  ) {
    this.writers = columns.map(({ type }) => binaryValues[type]!)
    this.writeRow = compile(columns)
  }

  /** @returns undefined when a column is of a type that only PostgreSQL itself can write */
  static of(table: string, columns: readonly Column[]): BinaryRows | undefined {
    return columns.every(({ type }) => binaryValues[type]) ? new BinaryRows(table, columns) : undefined
  }

  write(out: ByteWriter, row: Row): void {
    if (!this.isChecked) this.refuseUnknown(row)
    try {
      this.writeRow(out, row, this.writers)
    } catch (cause) {
      throw new Error(`${this.table}.${this.wrongColumn(row)}: ${(cause as Error).message}`, { cause })
    }
  }

  /** All rows of a table have the same columns: the first one shows. */
  private refuseUnknown(row: Row): void {
    const unknown = Object.keys(row).find((name) => this.columns.every((column) => column.name !== name))
    if (unknown !== undefined) throw new Error(`${this.table} has no column ${unknown}`)
    this.isChecked = true
  }

  private wrongColumn(row: Row): string | undefined {
    const scratch = new ByteWriter(FIXED_MAX_BYTES)
    return this.columns.find(({ name }, i) => {
      const value = row[name]
      try {
        scratch.room(FIXED_MAX_BYTES)
        if (value !== null && value !== undefined) this.writers[i]!(scratch, value)
        return false
      } catch {
        return true
      }
    })?.name
  }
}

/**
 * A function of its own for each table, as TypeBox makes them for its checks: reading thirty columns by names that are known only
 * at run time takes ten times as long.
 */
function compile(columns: readonly Column[]): Write {
  const room = `out.room(${FIXED_MAX_BYTES});`
  const steps = columns.map(({ name }, i) => {
    if (!NAME.test(name)) throw new Error(`no column name: ${name}`)
    return `${room} v = row.${name}; if (v === null || v === undefined) out.int32(-1); else w[${i}](out, v);`
  })
  const body = `let v; ${room} out.int16(${columns.length});\n${steps.join('\n')}`
  return new Function('out', 'row', 'w', body) as Write
}
