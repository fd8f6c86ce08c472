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
