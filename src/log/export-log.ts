import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { canonicalJson } from './canonical-json'
import { logHeads } from './read'
import { streamEvents } from './stream'

/**
 * Writes `log.jsonl`, every event as one line of canonical JSON in the order (log, netuid, seq), and `heads.jsonl`,
 * size and root of each log. Nothing local is in them: two indexers of one chain write the same bytes.
 */
export async function exportLog(client: ClientBase, folder: string): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    for await (const events of streamEvents(client)) {
      yield events.map((event) => `${canonicalJson(event)}\n`).join('')
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path.join(folder, 'log.jsonl')))
  const heads = (await logHeads(client)).map((head) => `${canonicalJson(head)}\n`)
  await pipeline(Readable.from(heads), createWriteStream(path.join(folder, 'heads.jsonl')))
}
