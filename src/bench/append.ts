import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { connect } from '../database/connect'
import { type EmbeddedServer, startEmbeddedPostgres } from '../database/embedded/server'
import { migrate } from '../database/migrate'
import { append } from '../log/append'
import { HeadCache } from '../log/heads'
import { postgresCpuSeconds } from './cpu-seconds'
import { figure, median } from './figure'
import { BATCH_EVENTS, copies, draftsFrom, RAW_COPY_EVENTS, type Work } from './raw-copy'

const ROUNDS = 7
const RATIO_MIN = 0.5
const TEMPLATE = 'bench_template'

/**
 * Hash-chained append against raw COPY of the very same rows, ready made, into the same table with the same indexes,
 * in transactions of the same size; interleaved rounds, each in a fresh database, medians. What goes in is made before each
 * transaction, outside of the time: an indexer has one batch in memory, not the whole log for its collector to walk through.
 * CPU is what both processes used, of Node and of PostgreSQL: other work on the machine changes it least.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-bench-'))
  const server = await startEmbeddedPostgres({ dataDir })
  try {
    await query(server.urlOf('postgres'), `create database ${TEMPLATE}`)
    await migrate(server.urlOf(TEMPLATE))
    return [await compare(server, dataDir)]
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function compare(server: EmbeddedServer, dataDir: string): Promise<Record<string, unknown>> {
  const rounds: Record<Side, Spent[]> = { copy: [], append: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? (['copy', 'append'] as const) : (['append', 'copy'] as const)
    for (const side of order) rounds[side].push(await measure(server, dataDir, side))
  }
  const rates = (side: Side) => rounds[side].map(({ seconds }) => Math.round(RAW_COPY_EVENTS / seconds))
  const cpu = (side: Side, of: 'node' | 'postgres') =>
    Number(((median(rounds[side].map((it) => it[of])) / RAW_COPY_EVENTS) * 1e6).toFixed(2))
  const [copy, appended] = [median(rates('copy')), median(rates('append'))]
  // Of neighbours: the load of the machine changes from round to round.
  const ratios = rates('append').map((rate, i) => rate / rates('copy')[i]!)
  const value = median(ratios)
  return {
    ...figure({
      bench: 'append',
      metric: 'hash-chained append',
      value,
      unit: 'of raw COPY',
      ratioOf: 'events/s of append and of COPY of the same rows into the same table',
      target: { atLeast: RATIO_MIN },
      rounds: ratios,
    }),
    events: RAW_COPY_EVENTS,
    batchEvents: BATCH_EVENTS,
    rawCopyEventsPerSecond: copy,
    appendEventsPerSecond: appended,
    copyRounds: rates('copy'),
    appendRounds: rates('append'),
    cpuMicrosecondsPerEvent: {
      copy: { node: cpu('copy', 'node'), postgres: cpu('copy', 'postgres') },
      append: { node: cpu('append', 'node'), postgres: cpu('append', 'postgres') },
    },
  }
}

type Side = 'copy' | 'append'

interface Spent {
  seconds: number
  /** CPU seconds. */
  node: number
  postgres: number
}

/** Seconds that all batches take in a fresh database, without what is done to prepare them. */
async function measure(server: EmbeddedServer, dataDir: string, side: Side): Promise<Spent> {
  const name = `bench_${process.hrtime.bigint()}`
  await query(server.urlOf('postgres'), `create database ${name} template ${TEMPLATE}`)
  await query(server.urlOf('postgres'), 'checkpoint')
  const client = await connect(server.urlOf(name))
  const spent = { seconds: 0, node: 0, postgres: 0 }
  const batches = side === 'copy' ? copies() : appends()
  try {
    for (const work of batches) await timed(spent, dataDir, () => work(client))
    return spent
  } finally {
    await client.end()
    await query(server.urlOf('postgres'), `drop database ${name}`)
  }
}

async function timed(spent: Spent, dataDir: string, work: () => Promise<void>): Promise<void> {
  const [cpu, postgres, begun] = [process.cpuUsage(), postgresCpuSeconds(dataDir), process.hrtime.bigint()]
  await work()
  spent.seconds += Number(process.hrtime.bigint() - begun) / 1e9
  const { user, system } = process.cpuUsage(cpu)
  spent.node += (user + system) / 1e6
  spent.postgres += postgresCpuSeconds(dataDir) - postgres
}

function* appends(): Generator<Work> {
  const cache = new HeadCache()
  for (let from = 0; from < RAW_COPY_EVENTS; from += BATCH_EVENTS) {
    const drafts = draftsFrom(from)
    yield async (client) => {
      await client.query('begin')
      await append(client, drafts, cache)
      await client.query('commit')
    }
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = await connect(url)
  await client.query(sql).finally(() => client.end())
}

if (require.main === module) {
  run().then((results) => {
    for (const result of results) process.stdout.write(`${JSON.stringify(result)}\n`)
  })
}
