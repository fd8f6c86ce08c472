import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { canonicalJson } from '../log/canonical-json'
import { tableRules } from './all'
import { withTold } from './core/told-columns'
import type { Row } from './fold/projection'
import { tableOrigins } from './table-origins'

const originOf = tableOrigins()
const PAGE_ROWS = 5_000

/** Order of every file: by netuid, then by the event that opened the row. The id tells apart what one event opened. */
const ORDER = 'netuid, from_seq, id'

/**
 * Writes each table as one file of canonical JSON lines, with what the events behind its rows tell. Nothing local is in them: two indexers of one chain write the
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
  const { log, told } = originOf(table)
  await client.query(`declare ${cursor} no scroll cursor for select * from ${table} order by ${ORDER}`)
  try {
    for (;;) {
      const { rows } = await client.query(`fetch ${PAGE_ROWS} from ${cursor}`)
      if (rows.length === 0) return
      const whole = await withTold(client, log, told, rows.map(portable) as Row[])
      yield whole.map((row) => `${canonicalJson(row)}\n`).join('')
    }
  } finally {
    await client.query(`close ${cursor}`)
  }
}

/** Bytes as `0x` hex, times as ISO text in UTC; wide integers are decimal texts already. */
function portable(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex')}`
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(portable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, portable(inner)]))
}
