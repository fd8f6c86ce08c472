import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Row } from '../fold/projection'
import { columnsOf } from './columns'
import { lineOf } from './copy-text'

/** Text sent to PostgreSQL at once (characters). */
const CHUNK_CHARS = 262_144

/** Writes rows by COPY, which is several times faster than INSERT. All rows must have the columns of the first. */
export async function copyRows(client: ClientBase, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = (await columnsOf(client, table)).filter(({ name }) => name in first)
  const line = lineOf(columns)
  const names = columns.map(({ name }) => name).join(', ')
  const stream = client.query(copyFrom(`copy ${table} (${names}) from stdin`))
  const ended = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve)
    stream.once('error', reject)
  })
  ended.catch(() => undefined)
  let text = ''
  for (const row of rows) {
    text += line(row)
    if (text.length < CHUNK_CHARS) continue
    if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve))
    text = ''
  }
  stream.end(text)
  await ended
}
