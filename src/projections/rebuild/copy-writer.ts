import { once } from 'node:events'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Row } from '../fold/projection'
import type { Column } from '../store/columns'
import { TableCopy } from './table-copy'

/** Bytes that wait for PostgreSQL; beyond it whoever makes rows waits too. */
const BACKLOG_MAX_BYTES = 8_388_608
const ROW_BYTES_BEFORE_ANY = 1_000

/** Appends rows to many tables over one connection, one COPY after the other, while the next rows are made. */
export class CopyWriter {
  private readonly copies: (() => void)[] = []
  private sending: Promise<void> = Promise.resolve()
  private failure: { readonly error: unknown } | undefined
  private backlog = 0
  private wake: (() => void) | undefined
  private readonly sizes = new Map<string, { rows: number; bytes: number }>()

  /** @param schema where the tables lie; they were made in the transaction that runs */
  constructor(
    private readonly client: Client,
    private readonly schema: string,
  ) {}

  /** @returns what takes rows of the table; it never waits: `ready` does */
  open(table: string, columns: readonly Column[]): (row: Row) => void {
    const copy = new TableCopy(table, columns)
    this.sizes.set(table, { rows: 0, bytes: 0 })
    const names = columns.map(({ name }) => name).join(', ')
    // Rows that were stored in the transaction that made their table need no second look by VACUUM.
    const sql = `copy ${this.schema}.${table} (${names}) from stdin (format ${copy.format}, freeze)`
    this.copies.push(() => {
      if (!copy.isEmpty) this.send(table, sql, copy)
    })
    return (row) => {
      if (copy.write(row)) this.send(table, sql, copy)
    }
  }

  /** Of the rows sent so far; a guess as long as there are none. */
  averageRowBytes(table: string): number {
    const size = this.sizes.get(table)
    return size && size.rows > 0 ? size.bytes / size.rows : ROW_BYTES_BEFORE_ANY
  }

  /** There is room for more rows. @throws what PostgreSQL said to an earlier row */
  async ready(): Promise<void> {
    while (this.backlog > BACKLOG_MAX_BYTES && !this.failure) {
      await new Promise<void>((resolve) => (this.wake = resolve))
    }
    if (this.failure) throw this.failure.error
  }

  /** Everything that was written is stored. */
  async drain(): Promise<void> {
    for (const send of this.copies) send()
    await this.sending
    if (this.failure) throw this.failure.error
  }

  private send(table: string, sql: string, copy: TableCopy): void {
    const { bytes, rows } = copy.take()
    this.backlog += bytes.length
    const size = this.sizes.get(table)!
    size.rows += rows
    size.bytes += bytes.length
    this.sending = this.sending
      .then(async () => {
        if (this.failure) return
        const stream = this.client.query(copyFrom(sql))
        stream.end(bytes)
        await once(stream, 'finish')
        copy.giveBack(bytes)
        if (stream.rowCount !== rows) throw new Error(`${rows} rows sent, ${stream.rowCount} stored: ${sql}`)
      })
      .catch((error: unknown) => {
        this.failure ??= { error }
      })
      .finally(() => {
        this.backlog -= bytes.length
        this.wake?.()
      })
  }
}
