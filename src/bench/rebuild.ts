import { connect } from '../database/connect'
import { append } from '../log/append'
import type { EventDraft } from '../log/envelope'
import { HeadCache } from '../log/heads'
import { rebuild } from '../projections/rebuild/rebuild'
import { type BenchPostgres, startBenchPostgres } from './bench-postgres'
import { postgresCpuSeconds } from './cpu-seconds'
import { figure, median } from './figure'
import { rawCopyRate } from './raw-copy'
import { realisticLog } from './rebuild-log'

const EVENTS = Number(process.env.SUBLEDGER_BENCH_REBUILD_EVENTS ?? 1_000_000)
const BATCH_EVENTS = 10_000
const ROUNDS = 3
const SEED = 7
const NETUIDS = [122, 94, 67, 7]
const TARGET_EVENTS_PER_SECOND = 100_000
/** On the machine that the target is for, raw COPY of ready-made events does 120,000 a second. */
const TARGET_OF_RAW_COPY = TARGET_EVENTS_PER_SECOND / 120_000
const MEMORY_LOOK_MS = 50

/**
 * All read models, made anew from a log of four busy subnets; how often what happens stands in rebuild-log.ts. As events/s, and
 * as the share of raw COPY of the events that bench `append` stores, which tells a slow machine from a slow rebuild.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  const postgres = await startBenchPostgres()
  try {
    const url = await postgres.createDatabase('migrated')
    const mix = await fill(url)
    const rounds: Round[] = []
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(postgres, url))
    return [{ ...speed(rounds), mix }, ofRawCopy(rounds)]
  } finally {
    await postgres.stop()
  }
}

type Round = Awaited<ReturnType<typeof measure>>

function speed(rounds: readonly Round[]): Record<string, unknown> {
  return {
    ...figure({
      bench: 'rebuild',
      metric: 'all projections',
      value: median(rounds.map(({ rate }) => rate)),
      unit: 'events/s',
      target: { atLeast: TARGET_EVENTS_PER_SECOND },
      rounds: rounds.map(({ rate }) => rate),
    }),
    events: EVENTS,
    rows: rounds[0]!.rows,
    cpuMicrosecondsPerEvent: {
      node: Number(median(rounds.map(({ node }) => node)).toFixed(2)),
      postgres: Number(median(rounds.map(({ server }) => server)).toFixed(2)),
    },
    peakMemoryMib: Math.round(Math.max(...rounds.map(({ peakBytes }) => peakBytes)) / 1024 ** 2),
  }
}

function ofRawCopy(rounds: readonly Round[]): Record<string, unknown> {
  // Of neighbours: the load of the machine changes from round to round.
  const ratios = rounds.map(({ rate, rawCopy }) => rate / rawCopy)
  return {
    ...figure({
      bench: 'rebuild',
      metric: 'all projections',
      value: median(ratios),
      unit: 'of raw COPY',
      ratioOf: 'events/s of the rebuild and of COPY of the ready-made events of bench append',
      target: { atLeast: TARGET_OF_RAW_COPY },
      rounds: ratios,
    }),
    rawCopyEventsPerSecond: rounds.map(({ rawCopy }) => Math.round(rawCopy)),
  }
}

async function measure(postgres: BenchPostgres, url: string) {
  const rawCopy = await rawCopyRate(postgres)
  const { dataDir } = postgres
  const [cpu, server, from] = [process.cpuUsage(), postgresCpuSeconds(dataDir), performance.now()]
  let peakBytes = 0
  const look = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), MEMORY_LOOK_MS)
  try {
    const { events, rows } = await rebuild({ url, names: 'all' })
    const { user, system } = process.cpuUsage(cpu)
    return {
      rawCopy,
      rate: events / ((performance.now() - from) / 1000),
      rows,
      node: (user + system) / events,
      server: ((postgresCpuSeconds(dataDir) - server) / events) * 1e6,
      peakBytes,
    }
  } finally {
    clearInterval(look)
  }
}

/** @returns events by type */
async function fill(url: string): Promise<Record<string, number>> {
  const client = await connect(url)
  const heads = new HeadCache()
  const mix: Record<string, number> = {}
  let batch: EventDraft[] = []
  let events = 0
  for (const draft of realisticLog(SEED, NETUIDS)) {
    batch.push(draft)
    mix[draft.type] = (mix[draft.type] ?? 0) + 1
    events += 1
    if (batch.length < BATCH_EVENTS && events < EVENTS) continue
    await client.query('begin')
    await append(client, batch, heads)
    await client.query('commit')
    batch = []
    if (events === EVENTS) break
  }
  await client.query('vacuum analyze')
  await client.end()
  return mix
}
