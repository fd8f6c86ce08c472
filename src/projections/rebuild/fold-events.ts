import type { ClientBase } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { LogEvent, LogName } from '../../log/envelope'
import { unescapeCopy } from '../../log/stream'

/** Events handed out at once: rows that begin and end among them are written once. */
const CHUNK_EVENTS = 10_000

export interface FoldRange {
  readonly log: LogName
  readonly netuid: number
  readonly fromSeq: number
}

/**
 * One log of a netuid from `fromSeq` on, with only what folds look at: half of the bytes of a stream of whole
 * events. Leaf hash, call path, actor and idempotency key are not there.
 */
export async function* foldEvents(
  client: ClientBase,
  { log, netuid, fromSeq }: FoldRange,
): AsyncGenerator<LogEvent[]> {
  const copy = client.query(
    copyTo(`copy (
      select seq, type, subnet_instance, height, block_hash, (extract(epoch from block_time) * 1000)::bigint,
        extrinsic_index, event_index, payload
      from log_event where log = '${log}' and netuid = ${Number(netuid)} and seq >= ${Number(fromSeq)}
      order by log_event.seq
    ) to stdout`),
  )
  const decoder = new TextDecoder()
  let rest = ''
  let chunk: LogEvent[] = []
  for await (const bytes of copy) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) chunk.push(parseLine(line, log, netuid))
    if (chunk.length < CHUNK_EVENTS) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

const NULL = '\\N'
const indexOf = (field: string): number | undefined => (field === NULL ? undefined : Number(field))

function parseLine(line: string, log: LogName, netuid: number): LogEvent {
  const f = line.split('\t')
  const payload = f[8]!
  return {
    log,
    netuid,
    seq: Number(f[0]),
    type: f[1],
    subnetInstance: Number(f[2]),
    height: Number(f[3]),
    // COPY writes bytea as `\\x…`.
    blockHash: `0x${f[4]!.slice(3)}`,
    blockTime: Number(f[5]),
    extrinsicIndex: indexOf(f[6]!),
    eventIndex: indexOf(f[7]!),
    payload: JSON.parse(payload.includes('\\') ? unescapeCopy(payload) : payload),
  } as unknown as LogEvent
}
