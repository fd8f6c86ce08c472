import { EventEmitter, once } from 'node:events'
import type { Client, Pool } from 'pg'
import type { Logger } from '../../observability/logger'
import { HEAD_CHANNEL, type IndexedHead, readIndexedHead } from './indexed-head'

/** Pause between two looks when the database announces nothing: a read replica cannot (ms). */
const REPLICA_POLL_MS = 500
/** Safety net under the announcements: one may be lost with its connection (ms). */
const SAFETY_POLL_MS = 5_000
/** Pause before the connection for announcements is made anew (ms). */
const RECONNECT_PAUSE_MS = 2_000

export interface HeadFeed {
  /** The newest indexed head that is known. Every answer is computed at it, so no request has to ask for it. */
  readonly current: IndexedHead
  onHead(listener: (head: IndexedHead) => void): () => void
  /** Resolves when the head is no longer `than`, or the signal aborts. */
  after(than: IndexedHead, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export interface HeadFeedOptions {
  readonly pool: Pool
  /** Makes the extra connection that listens; it must not come from the pool. */
  readonly connect: () => Client
  readonly logger: Logger
}

export async function startHeadFeed(options: HeadFeedOptions): Promise<HeadFeed> {
  const feed = new LiveHeadFeed(options)
  await feed.start()
  return feed
}

class LiveHeadFeed implements HeadFeed {
  current: IndexedHead = { height: -1, hash: '0x', logs: [], startHeight: 0, readAtMs: 0 }
  private readonly events = new EventEmitter().setMaxListeners(0)
  private listener: Client | undefined
  private timer: NodeJS.Timeout | undefined
  private reading: Promise<void> | undefined
  private again = false
  private closed = false

  constructor(private readonly options: HeadFeedOptions) {}

  async start(): Promise<void> {
    this.current = await readIndexedHead(this.options.pool)
    const { rows } = await this.options.pool.query<{ replica: boolean }>(
      'select pg_is_in_recovery() as replica',
    )
    const replica = rows[0]?.replica === true
    if (!replica) await this.listen()
    this.timer = setInterval(() => void this.refresh(), replica ? REPLICA_POLL_MS : SAFETY_POLL_MS)
    this.timer.unref()
  }

  onHead(listener: (head: IndexedHead) => void): () => void {
    this.events.on('head', listener)
    return () => this.events.off('head', listener)
  }

  async after(than: IndexedHead, signal: AbortSignal): Promise<void> {
    while (this.current === than && !signal.aborted) {
      await once(this.events, 'head', { signal }).catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    this.closed = true
    clearInterval(this.timer)
    await this.reading
    await this.listener?.end().catch(() => undefined)
  }

  private async listen(): Promise<void> {
    const client = this.options.connect()
    this.listener = client
    client.on('notification', () => void this.refresh())
    client.on('error', (error) =>
      this.options.logger.warn({ err: error }, 'announcements of new blocks broke off'),
    )
    client.on('end', () => this.relisten())
    await client.connect()
    await client.query(`listen ${HEAD_CHANNEL}`)
  }

  private relisten(): void {
    if (this.closed) return
    setTimeout(() => {
      if (this.closed) return
      this.listen().then(
        () => void this.refresh(),
        () => this.relisten(),
      )
    }, RECONNECT_PAUSE_MS).unref()
  }

  /** One read at a time; announcements that come during it are answered by one more. */
  private refresh(): Promise<void> {
    if (this.reading) {
      this.again = true
      return this.reading
    }
    this.reading = this.read().finally(() => {
      this.reading = undefined
      if (!this.again || this.closed) return
      this.again = false
      void this.refresh()
    })
    return this.reading
  }

  private async read(): Promise<void> {
    try {
      const head = await readIndexedHead(this.options.pool)
      if (head.height === this.current.height && sizeOf(head) === sizeOf(this.current)) return
      this.current = head
      this.events.emit('head', head)
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the indexed head could not be read')
    }
  }
}

const sizeOf = (head: IndexedHead) => head.logs.reduce((sum, log) => sum + log.size, 0)
