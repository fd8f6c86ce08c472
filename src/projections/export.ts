import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { canonicalJson } from '../log/canonical-json'
import { tableRules } from './store/tables'

const PAGE_ROWS = 5_000

/** Order of every file: by netuid, then by the event that opened the row. The id tells apart what one event opened. */
const ORDER = 'netuid, from_seq, id'

/**
 * Writes each table as one file of canonical JSON lines. Nothing local is in them: two indexers of one chain write the
 * same bytes. Call within a read-only repeatable-read transaction.
 */
export async function exportProjections(client: ClientBase, folder: string): Promise<void> {
  for (const table of Object.keys(tableRules)) {
    const file = createWriteStream(path.join(folder, `${table}.jsonl`))
    await pipeline(Readable.from(linesOf(client, table)), file)
  }
}

async function* linesOf(client: ClientBase, table: string): AsyncGenerator<string> {
  const cursor = `export_${table}`
  await client.query(
    `declare ${cursor} no scroll cursor for select to_jsonb(t) as row from ${table} t order by ${ORDER}`,
  )
  try {
    for (;;) {
      const { rows } = await client.query(`fetch ${PAGE_ROWS} from ${cursor}`)
      if (rows.length === 0) return
      yield rows.map(({ row }) => `${canonicalJson(row)}\n`).join('')
    }
  } finally {
    await client.query(`close ${cursor}`)
  }
}
