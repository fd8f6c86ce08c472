import type { ClientBase } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { LogEvent } from '../../log/envelope'
import { unescapeCopy } from '../../log/stream'

/** Events handed out at once: rows that begin and end among them are written once. */
const CHUNK_EVENTS = 10_000

/**
 * The chain log of a netuid from `fromSeq` on, with only what folds look at: half of the bytes of a stream of whole
 * events. Leaf hash, call path, actor and idempotency key are not there.
 */
export async function* foldEvents(
  client: ClientBase,
  netuid: number,
  fromSeq: number,
): AsyncGenerator<LogEvent[]> {
  const copy = client.query(
    copyTo(`copy (
      select seq, type, subnet_instance, height, block_hash, (extract(epoch from block_time) * 1000)::bigint,
        extrinsic_index, event_index, payload
      from log_event where log = 'chain' and netuid = ${Number(netuid)} and seq >= ${Number(fromSeq)}
      order by log_event.seq
    ) to stdout`),
  )
  const decoder = new TextDecoder()
  let rest = ''
  let chunk: LogEvent[] = []
  for await (const bytes of copy) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) chunk.push(parseLine(line, netuid))
    if (chunk.length < CHUNK_EVENTS) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

const NULL = '\\N'
const indexOf = (field: string): number | undefined => (field === NULL ? undefined : Number(field))

function parseLine(line: string, netuid: number): LogEvent {
  const f = line.split('\t')
  const payload = f[8]!
  return {
    log: 'chain',
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
