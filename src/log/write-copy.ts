import { once } from 'node:events'
import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { EventDraft } from './envelope'
import type { Prepared } from './prepare'

export const COPY_COLUMNS =
  'log, netuid, seq, type, schema_version, subnet_instance, height, block_hash, block_time, ' +
  'extrinsic_index, call_path, event_index, actor, payload, idempotency_key, leaf_hash'

/** Bytes handed to the socket at once: enough to keep PostgreSQL busy while the next rows are hashed. */
const CHUNK_CHARS = 65_536

/**
 * Writes rows by COPY. Rows are made while PostgreSQL is still storing the ones before.
 * @param rows is consumed once; what it throws ends the COPY and comes back to the caller
 */
export async function writeByCopy(client: ClientBase, rows: Iterable<Prepared>): Promise<void> {
  const stream = client.query(copyFrom(`copy log_event (${COPY_COLUMNS}) from stdin`))
  const finished = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve)
    stream.once('error', reject)
  })
  // The rejection is awaited below; without this line Node would call it unhandled in between.
  finished.catch(() => undefined)
  try {
    let chunk = ''
    for (const row of rows) {
      chunk += copyLine(row)
      if (chunk.length < CHUNK_CHARS) continue
      if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), finished])
      chunk = ''
    }
    stream.end(chunk)
  } catch (error) {
    stream.destroy(error as Error)
    await finished.catch(() => undefined)
    throw error
  }
  await finished
}

/** One line in COPY's text format. */
export function copyLine({ event, payload, leaf }: Prepared): string {
  return (
    `${event.log}\t${event.netuid}\t${event.seq}\t${event.type}\t${event.schemaVersion}\t${event.subnetInstance}` +
    `\t${event.height}\t${copyBytes(event.blockHash)}\t${timeText(event)}\t${event.extrinsicIndex ?? '\\N'}` +
    `\t${event.callPath === undefined ? '\\N' : `{${event.callPath.join(',')}}`}\t${event.eventIndex ?? '\\N'}` +
    `\t${event.actor === undefined ? '\\N' : copyBytes(event.actor)}\t${copyJson(payload)}` +
    `\t${event.idempotencyKey === undefined ? '\\N' : copyText(event.idempotencyKey)}\t\\\\x${leaf}\n`
  )
}

const copyBytes = (hex: string) => `\\\\x${hex.slice(2)}`

/** Canonical JSON holds no raw control characters. */
function copyJson(text: string): string {
  return text.includes('\\') ? text.replaceAll('\\', '\\\\') : text
}

function copyText(text: string): string {
  return text.replace(SPECIAL, (c) => ESCAPES[c] ?? c)
}

const SPECIAL = /[\\\n\r\t]/g
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

// Events of one block share their time: it is formatted once.
let lastTime = -1
let lastTimeText = ''

function timeText({ blockTime }: EventDraft): string {
  if (blockTime !== lastTime) {
    lastTime = blockTime
    lastTimeText = new Date(blockTime).toISOString()
  }
  return lastTimeText
}
