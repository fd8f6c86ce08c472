import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { connect } from '../database/connect'
import type { EventDraft } from '../log/envelope'
import { HeadCache } from '../log/heads'
import { type Prepared, prepare } from '../log/prepare'
import { sampleDrafts } from '../log/sample-drafts'
import { COPY_COLUMNS, copyLine } from '../log/write-copy'
import type { BenchPostgres } from './bench-postgres'

export const RAW_COPY_EVENTS = 200_000
/** Events of one transaction. */
export const BATCH_EVENTS = 10_000
const LINES_PER_CHUNK = 100

/** One transaction with a batch; it is given what it needs beforehand. */
export type Work = (client: Client) => Promise<void>

/** Ready-made rows of the log as COPY text, in chunks of the size that append uses, into its table with its indexes. */
export function* copies(): Generator<Work> {
  const cache = new HeadCache()
  cache.reset({ log: 'chain', netuid: 122 })
  for (let from = 0; from < RAW_COPY_EVENTS; from += BATCH_EVENTS) {
    const lines = draftsFrom(from).map((draft) => copyLine(prepare(draft, cache, []) satisfies Prepared))
    const chunks: string[] = []
    for (let i = 0; i < lines.length; i += LINES_PER_CHUNK) {
      chunks.push(lines.slice(i, i + LINES_PER_CHUNK).join(''))
    }
    yield async (client) => {
      await client.query('begin')
      await pipeline(
        Readable.from(chunks),
        client.query(copyFrom(`copy log_event (${COPY_COLUMNS}) from stdin`)),
      )
      await client.query('commit')
    }
  }
}

/** Through JSON: text as a decoder gives it, not as it is put together piece by piece here. */
export const draftsFrom = (from: number): EventDraft[] =>
  JSON.parse(JSON.stringify(sampleDrafts(BATCH_EVENTS, { from })))

/**
 * How fast this machine's PostgreSQL stores rows that nothing has to be made of, in events/s: by it figures of different machines,
 * or of one whose load changes, can be compared. What goes in is made outside of the time.
 */
export async function rawCopyRate(postgres: BenchPostgres): Promise<number> {
  const url = await postgres.createDatabase('migrated')
  const client = await connect(url)
  let seconds = 0
  try {
    await client.query('checkpoint')
    for (const work of copies()) {
      const from = performance.now()
      await work(client)
      seconds += (performance.now() - from) / 1000
    }
  } finally {
    await client.end()
  }
  await postgres.dropDatabase(url)
  return RAW_COPY_EVENTS / seconds
}
