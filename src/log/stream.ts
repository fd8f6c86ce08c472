import type { ClientBase } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { EventType } from './catalogue'
import type { LogEvent, LogName } from './envelope'

export interface StreamRange {
  /** Without it: every log. */
  readonly log?: LogName
  readonly netuid?: number
  /** First event number wanted of each log. */
  readonly fromSeq?: number
  readonly types?: readonly EventType[]
  /** Last block wanted. */
  readonly toHeight?: number
}

/** Events handed out at once, at least (the last batch: at most). */
const BATCH_MIN_EVENTS = 1_000

/**
 * All events of a range in the order (log, netuid, seq), as one snapshot, without holding them in memory.
 * The connection is busy until the end; leaving the loop early ends the COPY and the connection with it.
 */
export async function* streamEvents(client: ClientBase, range: StreamRange = {}): AsyncGenerator<LogEvent[]> {
  const copy = client.query(copyTo(`copy (${selection(client, range)}) to stdout`))
  let rest = ''
  let batch: LogEvent[] = []
  // Bytes of a character may lie in two chunks: the decoder keeps the first half back.
  const decoder = new TextDecoder()
  for await (const chunk of copy) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) batch.push(parseLine(line))
    if (batch.length < BATCH_MIN_EVENTS) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function selection(client: ClientBase, range: StreamRange): string {
  const where = ['true']
  const text = (value: string) => client.escapeLiteral(value)
  if (range.log !== undefined) where.push(`log = ${text(range.log)}`)
  if (range.netuid !== undefined) where.push(`netuid = ${Number(range.netuid)}`)
  if (range.fromSeq !== undefined) where.push(`seq >= ${Number(range.fromSeq)}`)
  if (range.toHeight !== undefined) where.push(`height <= ${Number(range.toHeight)}`)
  if (range.types) where.push(`type in (${range.types.map(text).join(', ') || 'null'})`)
  return `select log, netuid, seq, type, schema_version, subnet_instance, height, block_hash,
      (extract(epoch from block_time) * 1000)::bigint, extrinsic_index, call_path, event_index, actor, payload,
      idempotency_key, leaf_hash
    from log_event where ${where.join(' and ')} order by log, netuid, log_event.seq`
}

/** One line of COPY's text format; absent members are left out, as in the hashed envelope. */
function parseLine(line: string): LogEvent {
  const f = line.split('\t')
  const payload = f[13]!
  const event: Record<string, unknown> = {
    log: f[0],
    netuid: Number(f[1]),
    seq: Number(f[2]),
    type: f[3],
    schemaVersion: Number(f[4]),
    subnetInstance: Number(f[5]),
    height: Number(f[6]),
    blockHash: hexOf(f[7]!),
    blockTime: Number(f[8]),
    payload: JSON.parse(payload.includes('\\') ? unescapeCopy(payload) : payload),
    leafHash: hexOf(f[15]!),
  }
  if (f[9] !== NULL) event.extrinsicIndex = Number(f[9])
  if (f[10] !== NULL) event.callPath = f[10] === '{}' ? [] : f[10]!.slice(1, -1).split(',').map(Number)
  if (f[11] !== NULL) event.eventIndex = Number(f[11])
  if (f[12] !== NULL) event.actor = hexOf(f[12]!)
  if (f[14] !== NULL) event.idempotencyKey = unescapeCopy(f[14]!)
  return event as unknown as LogEvent
}

const NULL = '\\N'

/** COPY writes bytea as `\\x…`. */
const hexOf = (field: string) => `0x${field.slice(3)}`

const UNESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

export function unescapeCopy(field: string): string {
  return field.replace(/\\(.)/g, (_, c: string) => UNESCAPED[c] ?? c)
}
