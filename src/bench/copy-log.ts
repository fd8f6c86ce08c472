import type { Client } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { connect } from '../database/connect'
import { COPY_COLUMNS } from '../log/write-copy'
import type { BenchPostgres } from './bench-postgres'

/** Events of one transaction, as an indexer that is catching up appends them. */
const BATCH_EVENTS = 10_000
const LINE_END = 10

/**
 * Raw COPY of the events of a log, ready made as lines of text, into an empty table with the same indexes: how fast this
 * machine stores them when nothing has to be made of them. What is read is read outside of the time.
 * @returns events/s
 */
export async function copyLogAgain(postgres: BenchPostgres, url: string): Promise<number> {
  const emptyUrl = await postgres.createDatabase('migrated')
  const [reader, writer] = [await connect(url), await connect(emptyUrl)]
  let [events, seconds] = [0, 0]
  try {
    await writer.query('checkpoint')
    for await (const batch of batches(reader)) {
      const from = performance.now()
      events += await store(writer, batch)
      seconds += (performance.now() - from) / 1000
    }
  } finally {
    await Promise.all([reader.end(), writer.end()])
  }
  await postgres.dropDatabase(emptyUrl)
  return events / seconds
}

async function store(client: Client, lines: readonly Buffer[]): Promise<number> {
  await client.query('begin')
  const stream = client.query(copyFrom(`copy log_event (${COPY_COLUMNS}) from stdin`))
  const finished = new Promise<void>((resolve, reject) =>
    stream.once('finish', resolve).once('error', reject),
  )
  for (const chunk of lines) stream.write(chunk)
  stream.end()
  await finished
  await client.query('commit')
  return stream.rowCount
}

/** Lines as PostgreSQL sends them, in the order in which they are stored. */
async function* batches(client: Client): AsyncGenerator<Buffer[]> {
  await client.query('set synchronize_seqscans = off; set max_parallel_workers_per_gather = 0')
  let batch: Buffer[] = []
  let lines = 0
  for await (const chunk of client.query(copyTo(`copy (select ${COPY_COLUMNS} from log_event) to stdout`))) {
    let from = 0
    for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) {
      lines += 1
      if (lines < BATCH_EVENTS) continue
      batch.push(chunk.subarray(from, at + 1))
      yield batch
      batch = []
      lines = 0
      from = at + 1
    }
    if (from < chunk.length) batch.push(chunk.subarray(from))
  }
  if (batch.length > 0) yield batch
}
