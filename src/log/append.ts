import type { ClientBase } from 'pg'
import { isPipelined, type Statement, send } from '../database/send'
import { LedgerError } from '../errors/ledger-error'
import type { EventDraft, LogEvent } from './envelope'
import { HeadCache, type LogId, loadHeads, type WritableHead } from './heads'
import { splitRepeated } from './idempotency'
import { type CompletedTile, type Prepared, prepare } from './prepare'
import { writeByCopy } from './write-copy'
import { insertsOf } from './write-small'

/** From this many events on COPY is faster than one INSERT, where the connection allows it. */
const COPY_MIN_EVENTS = 256
const UNIQUE_VIOLATION = '23505'

/**
 * Appends events within the caller's transaction, in their order: numbers, leaf hashes, tiles and heads.
 * An event whose idempotency key is already in its log is not written again; the one in the log is returned.
 * @param cache heads known from the transaction before; clear it after a rollback
 * @throws LedgerError SL-EVENT-INVALID, SL-OUT-OF-ORDER, SL-IDEMPOTENCY-CONFLICT, SL-SECOND-WRITER; the caller rolls back
 */
export async function append(
  client: ClientBase,
  drafts: readonly EventDraft[],
  cache: HeadCache = new HeadCache(),
): Promise<LogEvent[]> {
  if (drafts.length === 0) return []
  const ids = logsOf(drafts)
  await loadHeads(client, cache, ids)
  const { fresh, merge } = await splitRepeated(client, drafts)
  if (fresh.length === 0) return merge([])
  const tiles: CompletedTile[] = []
  const events: LogEvent[] = []
  function* rows(): Generator<Prepared> {
    for (const draft of fresh) {
      const prepared = prepare(draft, cache, tiles)
      events.push(prepared.event)
      yield prepared
    }
  }
  try {
    const isSmall = fresh.length < COPY_MIN_EVENTS || isPipelined(client)
    const inserts = isSmall ? insertsOf(rows()) : []
    if (!isSmall) await writeByCopy(client, rows())
    const heads = ids.map(({ log, netuid }) => cache.get(log, netuid)!)
    const grown = heads.filter((head) => head.frontier.size !== head.storedSize)
    const results = await send(client, [...inserts, writeHeads(grown, tiles)])
    if (results.at(-1)!.rowCount !== grown.length) throw secondWriter(undefined)
    for (const head of grown) head.storedSize = head.frontier.size
  } catch (error) {
    cache.clear()
    throw (error as { code?: string }).code === UNIQUE_VIOLATION ? secondWriter(error) : error
  }
  return merge(events)
}

function logsOf(drafts: readonly EventDraft[]): LogId[] {
  const seen = new Map<string, LogId>()
  let last: EventDraft | undefined
  for (const draft of drafts) {
    if (last?.log === draft.log && last.netuid === draft.netuid) continue
    last = draft
    seen.set(`${draft.log}/${draft.netuid}`, { log: draft.log, netuid: draft.netuid })
  }
  return [...seen.values()]
}

const WRITE_HEADS = `
  with tiles as (
    insert into log_tile (log, netuid, level, idx, hash)
    select log, netuid, level, idx, decode(hash, 'hex')
    from unnest($1::text[], $2::int[], $3::smallint[], $4::bigint[], $5::text[]) as t(log, netuid, level, idx, hash)
  )
  insert into log_head as head (log, netuid, size, root, frontier, height)
  select log, netuid, size, decode(root, 'hex'), decode(frontier, 'hex'), height
  from unnest($6::text[], $7::int[], $8::bigint[], $9::text[], $10::text[], $11::bigint[], $12::bigint[])
    as e(log, netuid, size, root, frontier, height, expected)
  on conflict (log, netuid) do update
    set size = excluded.size, root = excluded.root, frontier = excluded.frontier, height = excluded.height
    where head.size = ($12::bigint[])[array_position($13::text[], excluded.log || '/' || excluded.netuid)]`

function writeHeads(grown: readonly WritableHead[], tiles: readonly CompletedTile[]): Statement {
  const values = [
    tiles.map((tile) => tile.head.log),
    tiles.map((tile) => tile.head.netuid),
    tiles.map((tile) => tile.level),
    tiles.map((tile) => tile.index),
    tiles.map((tile) => tile.hash),
    grown.map((head) => head.log),
    grown.map((head) => head.netuid),
    grown.map((head) => head.frontier.size),
    grown.map((head) => head.frontier.root()),
    grown.map((head) => head.frontier.pack()),
    grown.map((head) => head.height),
    grown.map((head) => head.storedSize),
    grown.map((head) => `${head.log}/${head.netuid}`),
  ]
  return { text: WRITE_HEADS, values }
}

function secondWriter(cause: unknown): LedgerError {
  return new LedgerError('SL-SECOND-WRITER', 'user', 'Another process has written to this log meanwhile.', {
    remedy: 'Stop the other indexer of this database; one writer a log. Nothing of this batch was written.',
    cause,
  })
}
