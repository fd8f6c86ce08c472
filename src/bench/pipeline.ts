import { connect } from '../database/connect'
import { startBenchPostgres, typeormEnvironment } from './bench-postgres'
import { figure, median } from './figure'
import { runTimed, type Speed } from './run-timed'
import { writeSourceFiles } from './source/source-files'
import { startSource } from './source/start-source'

const BLOCKS = 6_000
const ROUNDS = 3

/**
 * Everything from block to committed read models, against Subsquid's processor with an empty handler and its own
 * `TypeormDatabase`: the same node process, the same PostgreSQL, each run in a process and a database of its own.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  const files = await writeSourceFiles(BLOCKS)
  const node = await startSource(files, 0)
  const postgres = await startBenchPostgres()
  const last = String(BLOCKS - 1)
  const bare: Speed[] = []
  const full: Speed[] = []
  let events = 0
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const empty = typeormEnvironment(await postgres.createDatabase('empty'))
      bare.push(await runTimed('bare-processor.js', [node.wsUrl, last, 'typeorm'], empty))
      const migrated = await postgres.createDatabase('migrated')
      full.push(await runTimed('full-indexer.js', [node.wsUrl, last, migrated]))
      events = await countEvents(migrated)
    }
  } finally {
    await node.stop()
    await postgres.stop()
    files.remove()
  }
  const bench = 'pipeline'
  const unit = 'blocks/s'
  return [
    // A pipeline that finds nothing in the blocks would be fast.
    figure({
      bench,
      metric: 'events in the log',
      value: events,
      unit: 'events',
      target: { atLeast: BLOCKS },
    }),
    figure({ bench, metric: 'full pipeline', value: median(full.map(wall)), unit, rounds: full.map(wall) }),
    figure({ bench, metric: 'bare processor', value: median(bare.map(wall)), unit, rounds: bare.map(wall) }),
    figure({
      bench,
      metric: 'ratio',
      value: median(full.map(wall)) / median(bare.map(wall)),
      unit: 'times',
      target: { atLeast: 0.7 },
      ratioOf: 'full pipeline over Subsquid with an empty handler and TypeormDatabase',
    }),
    figure({
      bench,
      metric: 'ratio by processor time',
      value: median(full.map(cpu)) / median(bare.map(cpu)),
      unit: 'times',
      ratioOf: 'the same, blocks for each second of processor time of the indexing process',
    }),
  ]
}

const wall = (it: Speed): number => it.blocksPerSecond
const cpu = (it: Speed): number => it.blocksPerCpuSecond

async function countEvents(databaseUrl: string): Promise<number> {
  const client = await connect(databaseUrl)
  try {
    const { rows } = await client.query('select count(*)::int as events from log_event')
    return rows[0].events
  } finally {
    await client.end()
  }
}
