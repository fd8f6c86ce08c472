import { ByteWriter } from './byte-writer'

/** Bytes sent as one COPY. */
export const COPY_BYTES = 1_048_576
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')

/** Rows of one table on their way to PostgreSQL, in COPY's binary format. */
export class TableCopy {
  readonly out = new ByteWriter(COPY_BYTES + COPY_BYTES / 4)
  private rows = 0

  constructor() {
    this.begin()
  }

  get isEmpty(): boolean {
    return this.rows === 0
  }

  /** A row was written to `out`. @returns whether enough of them wait to be sent */
  counted(): boolean {
    this.rows += 1
    return this.out.length >= COPY_BYTES
  }

  /** What was written so far, complete in itself; the writer begins anew. */
  take(): { readonly bytes: Buffer; readonly rows: number } {
    this.out.room(2)
    this.out.int16(-1)
    const taken = { bytes: Buffer.from(this.out.bytes.subarray(0, this.out.length)), rows: this.rows }
    this.begin()
    return taken
  }

  private begin(): void {
    this.out.length = SIGNATURE.copy(this.out.bytes)
    this.rows = 0
  }
}
