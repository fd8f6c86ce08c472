import type { ClientBase } from 'pg'
import type { EventType } from './catalogue'
import type { Hex, LogEvent, LogName } from './envelope'
import { EVENT_COLUMNS, eventOfRow } from './row'

/** Anything that runs a query: a client within a transaction, or a pool. */
export type Queryable = Pick<ClientBase, 'query'>

export interface ReadRange {
  readonly log: LogName
  readonly netuid: number
  /** First event number wanted. */
  readonly fromSeq?: number
  readonly types?: readonly EventType[]
  /** Last block wanted. */
  readonly toHeight?: number
  readonly limitEvents?: number
}

export const PAGE_MAX_EVENTS = 10_000

/** Events of one log in their order, at most PAGE_MAX_EVENTS; the next page begins behind the last one's `seq`. */
export async function readEvents(client: Queryable, range: ReadRange): Promise<LogEvent[]> {
  const limit = Math.min(range.limitEvents ?? PAGE_MAX_EVENTS, PAGE_MAX_EVENTS)
  const values: unknown[] = [range.log, range.netuid, range.fromSeq ?? 0, limit]
  let where = 'log = $1 and netuid = $2 and seq >= $3'
  if (range.types) where += ` and type = any($${values.push(range.types)}::text[])`
  if (range.toHeight !== undefined) where += ` and height <= $${values.push(range.toHeight)}`
  const text = `select ${EVENT_COLUMNS} from log_event where ${where} order by log_event.seq limit $4`
  const { rows } = await client.query(text, values)
  return rows.map(eventOfRow)
}

/** Events by number, in the order asked; those that do not exist are left out. */
export async function eventsBySeq(
  client: Queryable,
  { log, netuid }: Pick<ReadRange, 'log' | 'netuid'>,
  seqs: readonly number[],
): Promise<LogEvent[]> {
  if (seqs.length === 0) return []
  const { rows } = await client.query({
    name: 'events_by_seq',
    text: `select ${EVENT_COLUMNS} from log_event where log = $1 and netuid = $2 and log_event.seq = any($3::bigint[])`,
    values: [log, netuid, seqs],
  })
  const bySeq = new Map(rows.map((row) => [Number(row.seq), eventOfRow(row)]))
  return seqs.flatMap((seq) => bySeq.get(seq) ?? [])
}

export interface LogHead {
  readonly log: LogName
  readonly netuid: number
  /** Number of events. */
  readonly size: number
  readonly root: Hex
  /** Height of the last event. */
  readonly height: number
}

export async function logHeads(client: Queryable): Promise<LogHead[]> {
  const { rows } = await client.query(
    `select log, netuid, size::float8 as size, '0x' || encode(root, 'hex') as root, height::float8 as height
     from log_head order by log, netuid`,
  )
  return rows
}

export async function logHead(
  client: Queryable,
  id: { log: LogName; netuid: number },
): Promise<LogHead | undefined> {
  const { rows } = await client.query(
    `select log, netuid, size::float8 as size, '0x' || encode(root, 'hex') as root, height::float8 as height
     from log_head where log = $1 and netuid = $2`,
    [id.log, id.netuid],
  )
  return rows[0]
}
