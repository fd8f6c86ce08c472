import type { Row } from '../fold/projection'
import type { Column } from '../store/columns'
import { lineOf } from '../store/copy-text'
import { BinaryRows } from './binary-rows'
import { ByteWriter } from './byte-writer'

/** Bytes sent as one COPY. */
const COPY_BYTES = 1_048_576
const ROOM_BYTES = COPY_BYTES + COPY_BYTES / 4
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const UTF8_MAX_BYTES_PER_CHAR = 3

/** Rows of one table on their way to PostgreSQL: in binary form, or as text where a column has no other. */
export class TableCopy {
  readonly format: 'binary' | 'text'
  private readonly put: (row: Row) => void
  private readonly out = new ByteWriter(ROOM_BYTES)
  private readonly spare: Buffer[] = []
  private rows = 0

  constructor(table: string, columns: readonly Column[]) {
    const binary = BinaryRows.of(table, columns)
    this.format = binary ? 'binary' : 'text'
    this.put = binary ? (row) => binary.write(this.out, row) : this.putText(lineOf(columns))
    this.begin()
  }

  get isEmpty(): boolean {
    return this.rows === 0
  }

  /** @returns whether enough rows wait to be sent */
  write(row: Row): boolean {
    this.put(row)
    this.rows += 1
    return this.out.length >= COPY_BYTES
  }

  /** What was written so far, complete in itself; the writer begins anew. The bytes are to be given back when they are sent. */
  take(): { readonly bytes: Buffer; readonly rows: number } {
    const { out } = this
    if (this.format === 'binary') {
      out.room(2)
      out.int16(-1)
    }
    const taken = { bytes: out.bytes.subarray(0, out.length), rows: this.rows }
    out.bytes = this.spare.pop() ?? Buffer.allocUnsafeSlow(ROOM_BYTES)
    this.begin()
    return taken
  }

  giveBack(bytes: Buffer): void {
    this.spare.push(Buffer.from(bytes.buffer))
  }

  private putText(line: (row: Row) => string): (row: Row) => void {
    return (row) => {
      const text = line(row)
      this.out.room(text.length * UTF8_MAX_BYTES_PER_CHAR)
      this.out.raw(text)
    }
  }

  private begin(): void {
    this.out.length = this.format === 'binary' ? SIGNATURE.copy(this.out.bytes) : 0
    this.rows = 0
  }
}
