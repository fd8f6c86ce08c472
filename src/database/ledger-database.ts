import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm'
import { LedgerError } from '../errors/ledger-error'
import { HeadCache } from '../log/heads'
import { createDataSource } from './data-source'
import { withDatabaseErrors } from './database-error'
import { claimIdentity, type LedgerIdentity, type StoredIdentity } from './ledger-identity'
import { LedgerStore } from './ledger-store'
import { openWriterSession, type WriterSession } from './writer-session'

export interface HashAndHeight {
  readonly height: number
  readonly hash: string
}

export interface BatchInfo {
  readonly prevHead: HashAndHeight
  readonly nextHead: HashAndHeight
  /** The batch ends at the finalized head. */
  readonly isOnTop: boolean
}

export interface LedgerDatabaseOptions {
  readonly url: string
  readonly identity: LedgerIdentity
  readonly entities?: readonly EntityTarget<ObjectLiteral>[]
  /** Runs within the transaction, after the handler: e.g. signs checkpoints of the logs that grew. */
  readonly beforeCommit?: (store: LedgerStore, head: HashAndHeight) => Promise<void>
  readonly afterCommit?: (head: HashAndHeight) => void
}

interface Status extends HashAndHeight {
  readonly nonce: number
}

/** Channel of LISTEN: a JSON text {height, hash, logs: [[log, netuid], …] | null}; null: too many to name. */
export const HEAD_CHANNEL = 'subledger_head'
/** NOTIFY refuses 8000 bytes. */
const NOTIFICATION_MAX_CHARS = 7_000

/**
 * Subsquid's database, finalized blocks only: what the handler appends and projects commits together with the
 * processor's status row. One writer: a session lock, and a nonce that a foreign writer would change.
 */
export class LedgerDatabase {
  readonly supportsHotBlocks = false as const
  private readonly source: DataSource
  private readonly heads = new HeadCache()
  private session: WriterSession | undefined
  private status: Status = { height: -1, hash: '0x', nonce: 0 }
  private stored: StoredIdentity | undefined

  constructor(private readonly options: LedgerDatabaseOptions) {
    this.source = createDataSource({ url: options.url, poolSize: 2, entities: options.entities })
  }

  /** Known after `connect`. */
  get identity(): StoredIdentity {
    if (!this.stored) throw new Error('not connected')
    return this.stored
  }

  /** True when the database itself refuses this session to change the log, beyond the triggers. */
  get isRestricted(): boolean {
    return this.session?.restricted === true
  }

  /** @throws LedgerError SL-SECOND-WRITER, SL-WRONG-NETWORK, SL-WRONG-SUBNET, SL-WRONG-START, SL-DB-… */
  connect(): Promise<HashAndHeight> {
    return withDatabaseErrors(async () => {
      if (this.session) throw new Error('already connected')
      await this.source.initialize()
      try {
        this.session = await openWriterSession(this.source)
        this.stored = await claimIdentity(this.session.client, this.options.identity)
        this.status = await this.readStatus(this.session)
        return { height: this.status.height, hash: this.status.hash }
      } catch (error) {
        await this.disconnect()
        throw error
      }
    })
  }

  async disconnect(): Promise<void> {
    await this.session?.release()
    this.session = undefined
    this.heads.clear()
    if (this.source.isInitialized) await this.source.destroy()
  }

  transact(info: BatchInfo, handle: (store: LedgerStore) => Promise<void>): Promise<void> {
    return withDatabaseErrors(async () => {
      const { session } = this
      if (!session) throw new Error('not connected')
      this.refuseGap(info)
      const store = new LedgerStore(sessionOf(session), this.heads, info.isOnTop)
      try {
        await handle(store)
        await this.options.beforeCommit?.(store, info.nextHead)
        await this.writeStatus(session, store, info.nextHead)
        store.close()
        if (store.hasBegun) await session.client.query('commit')
      } catch (error) {
        store.close()
        this.heads.clear()
        if (store.hasBegun) await session.client.query('rollback').catch(() => undefined)
        throw error
      } finally {
        setActive(session, false)
      }
      this.status = { ...info.nextHead, nonce: this.status.nonce + 1 }
      this.options.afterCommit?.(info.nextHead)
    })
  }

  private refuseGap({ prevHead, nextHead }: BatchInfo): void {
    const { height, hash } = this.status
    if (prevHead.height === height && prevHead.hash === hash && nextHead.height > height) return
    throw new LedgerError(
      'SL-CHAIN-GAP',
      'contradiction',
      'The next blocks do not follow the last indexed one.',
      {
        remedy: 'Start again; if this comes back, the node contradicts itself: use another one.',
        facts: { indexed: height, indexedHash: hash, previous: prevHead.height, previousHash: prevHead.hash },
      },
    )
  }

  private async readStatus({ client }: WriterSession): Promise<Status> {
    const { rows } = await client.query('select height, hash, nonce from squid_processor.status where id = 0')
    return rows[0]
  }

  /** Blocks, status and notification in one round trip; the whole transaction when the batch held nothing. */
  private async writeStatus(session: WriterSession, store: LedgerStore, next: HashAndHeight): Promise<void> {
    const { blocks } = store
    const { rows } = await session.client.query({
      name: 'subledger-write-status',
      text: WRITE_STATUS,
      values: [
        next.height,
        next.hash,
        this.status.nonce,
        this.status.hash,
        HEAD_CHANNEL,
        notification(store, next),
        blocks.map((block) => block.height),
        blocks.map((block) => Buffer.from(block.hash.slice(2), 'hex')),
        blocks.map((block) => block.time),
      ],
    })
    if (rows.length === 1) return
    throw new LedgerError(
      'SL-SECOND-WRITER',
      'user',
      'Another process has moved the status of this database.',
      {
        remedy: 'Stop the other indexer of this database and start again; nothing of this batch was written.',
        facts: { height: this.status.height, nonce: this.status.nonce },
      },
    )
  }
}

const WRITE_STATUS = `
  with moved as (
    update squid_processor.status set height = $1, hash = $2, nonce = nonce + 1
    where id = 0 and nonce = $3 and hash = $4 returning id
  ), blocks as (
    insert into indexed_block (height, hash, time)
    select height, hash, timestamptz 'epoch' + ms * interval '1 millisecond'
    from unnest($7::bigint[], $8::bytea[], $9::bigint[]) as b(height, hash, ms) where exists (select from moved)
  )
  select pg_notify($5, $6) from moved`

function notification(store: LedgerStore, next: HashAndHeight): string {
  const logs = [...store.grown.values()].map(({ log, netuid }) => [log, netuid])
  const text = JSON.stringify({ height: next.height, hash: next.hash, logs })
  if (text.length <= NOTIFICATION_MAX_CHARS) return text
  return JSON.stringify({ height: next.height, hash: next.hash, logs: null })
}

/** TypeORM must neither open nor end a transaction of its own on this session. */
function setActive(session: WriterSession, active: boolean): void {
  Object.assign(session.runner, { isTransactionActive: active })
}

function sessionOf(session: WriterSession) {
  return {
    client: session.client,
    manager: session.runner.manager,
    setActive: (active: boolean) => setActive(session, active),
  }
}
