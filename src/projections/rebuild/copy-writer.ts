import { once } from 'node:events'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { TableCopy } from './table-copy'

/** Bytes that wait for PostgreSQL; beyond it whoever makes rows waits too. */
const BACKLOG_MAX_BYTES = 8_388_608

/** Appends rows to many tables over one connection, one COPY after the other, while the next rows are made. */
export class CopyWriter {
  private readonly copies: (() => void)[] = []
  private sending: Promise<void> = Promise.resolve()
  private failure: { readonly error: unknown } | undefined
  private backlog = 0
  private wake: (() => void) | undefined

  /** @param schema where the tables lie; they were made in the transaction that runs */
  constructor(
    private readonly client: Client,
    private readonly schema: string,
  ) {}

  /**
   * @param columns in the order in which rows have their values
   * @returns where rows are to be written, and what is to be called after each
   */
  open(
    table: string,
    columns: readonly string[],
  ): { readonly copy: TableCopy; readonly written: () => void } {
    const copy = new TableCopy()
    // Rows that were stored in the transaction that made their table need no second look by VACUUM.
    const sql = `copy ${this.schema}.${table} (${columns.join(', ')}) from stdin (format binary, freeze)`
    const send = () => {
      if (!copy.isEmpty) this.send(sql, copy)
    }
    this.copies.push(send)
    const written = () => {
      if (copy.counted()) send()
    }
    return { copy, written }
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

  private send(sql: string, copy: TableCopy): void {
    const { bytes, rows } = copy.take()
    this.backlog += bytes.length
    this.sending = this.sending
      .then(async () => {
        if (this.failure) return
        const stream = this.client.query(copyFrom(sql))
        stream.end(bytes)
        await once(stream, 'finish')
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
