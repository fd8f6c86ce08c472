import type { Client, Connection } from 'pg'

/**
 * Rows of `copy … to stdout (format binary)`, each as PostgreSQL sent it, in the arrays in which they arrived. They lie in the
 * driver's own memory, which it uses again for the next ones. Who leaves before the end ends
 * the connection with it.
 */
export async function* copyOut(client: Client, sql: string): AsyncGenerator<readonly Buffer[]> {
  const copy = new CopyOut(sql)
  client.query(copy)
  try {
    for (let rows = await copy.next(); rows; rows = await copy.next()) yield rows
  } finally {
    copy.abandon()
  }
}

class CopyOut {
  private connection: Connection | undefined
  private rows: Buffer[] = []
  private done = false
  private failure: unknown
  private wake: (() => void) | undefined

  constructor(private readonly text: string) {}

  async next(): Promise<readonly Buffer[] | undefined> {
    if (this.rows.length === 0 && !this.done) {
      this.connection?.stream.resume()
      await new Promise<void>((resolve) => (this.wake = resolve))
    }
    if (this.done) this.connection?.stream.resume()
    if (this.failure) throw this.failure
    const { rows } = this
    this.rows = []
    return rows.length > 0 ? rows : undefined
  }

  abandon(): void {
    if (!this.done) this.connection?.stream.destroy()
  }

  submit(connection: Connection): void {
    this.connection = connection
    connection.query(this.text)
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (this.rows.length === 0) {
      // What has arrived already comes in this turn, then nothing until it was read.
      this.connection?.stream.pause()
      queueMicrotask(() => this.tell())
    }
    this.rows.push(chunk)
  }

  handleError(error: unknown): void {
    this.failure = error
    this.end()
  }

  handleReadyForQuery(): void {
    this.end()
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  /** The driver puts its own here when a query has a time limit. */
  callback(): void {}

  private end(): void {
    this.done = true
    this.tell()
  }

  private tell(): void {
    this.wake?.()
    this.wake = undefined
  }
}
