import { Client } from 'pg'
import { append } from '../log/append'
import { HeadCache } from '../log/heads'
import { sampleDrafts } from '../log/sample-drafts'
import { rebuild } from '../projections/rebuild/rebuild'
import { startBenchPostgres } from './bench-postgres'
import { figure, median } from './figure'

const EVENTS = Number(process.env.SUBLEDGER_BENCH_REBUILD_EVENTS ?? 500_000)
const BATCH_EVENTS = 10_000
const ROUNDS = 3
const TARGET_EVENTS_PER_SECOND = 100_000

/** All read models, made anew from a log of commitments with a registration now and then. */
export async function run(): Promise<Record<string, unknown>[]> {
  const postgres = await startBenchPostgres()
  try {
    const url = await postgres.createDatabase('migrated')
    await fill(url)
    const rates: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const from = performance.now()
      const { events } = await rebuild({ url, names: 'all' })
      rates.push(events / ((performance.now() - from) / 1000))
    }
    return [
      figure({
        bench: 'rebuild',
        metric: 'all projections',
        value: median(rates),
        unit: 'events/s',
        target: { atLeast: TARGET_EVENTS_PER_SECOND },
        rounds: rates,
      }),
    ]
  } finally {
    await postgres.stop()
  }
}

async function fill(url: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  const heads = new HeadCache()
  for (let from = 0; from < EVENTS; from += BATCH_EVENTS) {
    await client.query('begin')
    await append(client, sampleDrafts(Math.min(BATCH_EVENTS, EVENTS - from), { from }), heads)
    await client.query('commit')
  }
  await client.query('analyze')
  await client.end()
}
