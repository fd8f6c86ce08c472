import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type EmbeddedServer, startEmbeddedPostgres } from '../database/embedded/server'
import { migrate } from '../database/migrate'
import { append } from '../log/append'
import type { EventDraft } from '../log/envelope'
import { HeadCache } from '../log/heads'
import { type Prepared, prepare } from '../log/prepare'
import { sampleDrafts } from '../log/sample-drafts'
import { COPY_COLUMNS, copyLine } from '../log/write-copy'

const EVENTS = 200_000
/** Events of one transaction, for both sides. */
const BATCH_EVENTS = 10_000
const ROUNDS = 5
const TEMPLATE = 'bench_template'

/**
 * Hash-chained append against raw COPY of the very same rows, ready made, into the same table with the same indexes,
 * in transactions of the same size; interleaved rounds, each in a fresh database, medians.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-bench-'))
  const server = await startEmbeddedPostgres({ dataDir })
  try {
    await query(server.urlOf('postgres'), `create database ${TEMPLATE}`)
    await migrate(server.urlOf(TEMPLATE))
    return [await compare(server)]
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function compare(server: EmbeddedServer): Promise<Record<string, unknown>> {
  const batches = cut(sampleDrafts(EVENTS))
  const texts = copyTexts(batches)
  const rates: { copy: number[]; append: number[] } = { copy: [], append: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? (['copy', 'append'] as const) : (['append', 'copy'] as const)
    for (const side of order) {
      const work = side === 'copy' ? rawCopy(texts) : appendAll(batches)
      rates[side].push(EVENTS / (await measure(server, work)))
    }
  }
  const copy = median(rates.copy)
  const appended = median(rates.append)
  return {
    bench: 'append',
    events: EVENTS,
    batchEvents: BATCH_EVENTS,
    rounds: ROUNDS,
    rawCopyEventsPerSecond: Math.round(copy),
    appendEventsPerSecond: Math.round(appended),
    ratio: Number((appended / copy).toFixed(3)),
    ratioRequired: 0.5,
    // The rounds that other work on the machine disturbed least.
    ratioOfBestRounds: Number((Math.max(...rates.append) / Math.max(...rates.copy)).toFixed(3)),
    copyRounds: rates.copy.map(Math.round),
    appendRounds: rates.append.map(Math.round),
  }
}

type Work = (client: Client) => Promise<void>

/** Seconds that `work` takes in a fresh database. */
async function measure(server: EmbeddedServer, work: Work): Promise<number> {
  const name = `bench_${process.hrtime.bigint()}`
  await query(server.urlOf('postgres'), `create database ${name} template ${TEMPLATE}`)
  await query(server.urlOf('postgres'), 'checkpoint')
  const client = new Client({ connectionString: server.urlOf(name) })
  await client.connect()
  try {
    const begun = process.hrtime.bigint()
    await work(client)
    return Number(process.hrtime.bigint() - begun) / 1e9
  } finally {
    await client.end()
    await query(server.urlOf('postgres'), `drop database ${name}`)
  }
}

const rawCopy =
  (texts: readonly string[][]): Work =>
  async (client) => {
    for (const chunks of texts) {
      await client.query('begin')
      await pipeline(
        Readable.from(chunks),
        client.query(copyFrom(`copy log_event (${COPY_COLUMNS}) from stdin`)),
      )
      await client.query('commit')
    }
  }

const appendAll =
  (batches: readonly EventDraft[][]): Work =>
  async (client) => {
    const cache = new HeadCache()
    for (const batch of batches) {
      await client.query('begin')
      await append(client, batch, cache)
      await client.query('commit')
    }
  }

/** The rows as COPY text, made beforehand, in chunks of the size that append uses. */
function copyTexts(batches: readonly EventDraft[][]): string[][] {
  const cache = new HeadCache()
  cache.reset({ log: 'chain', netuid: 122 })
  return batches.map((batch) => {
    const lines = batch.map((draft) => copyLine(prepare(draft, cache, []) satisfies Prepared))
    const chunks: string[] = []
    for (let i = 0; i < lines.length; i += 100) chunks.push(lines.slice(i, i + 100).join(''))
    return chunks
  })
}

function cut(drafts: EventDraft[]): EventDraft[][] {
  return Array.from({ length: Math.ceil(drafts.length / BATCH_EVENTS) }, (_, i) =>
    drafts.slice(i * BATCH_EVENTS, (i + 1) * BATCH_EVENTS),
  )
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

if (require.main === module) {
  run().then((results) => {
    for (const result of results) process.stdout.write(`${JSON.stringify(result)}\n`)
  })
}
