import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { indexTestBlocks } from '../database/test-blocks'
import { type BenchPostgres, startBenchPostgres } from './bench-postgres'
import { figure } from './figure'
import { benchValidators } from './job-results/signers'

/** Each is replayed by all validators. */
const SUBMISSIONS = 140
const WARM_UP_RESULTS = 640
const MEASURED_RESULTS = 3_000
const REQUIRED_PER_SECOND = 500

interface Result {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failures: number
  readonly firstFailure?: string
}

/**
 * Results of replays a second: signed requests over HTTP, decisions, log, blobs and read models in a database with fsync. Platform
 * and load generator are processes of their own. Set BENCH_PROFILE to a folder for a CPU profile of the platform.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  await cryptoWaitReady()
  const postgres = await startBenchPostgres()
  try {
    const result = await measure(postgres)
    if (result.failures > 0) throw new Error(`${result.failures} results failed: ${result.firstFailure}`)
    const bench = 'job-results'
    const target = { atLeast: REQUIRED_PER_SECOND }
    return [
      figure({ bench, metric: 'job results', value: result.perSecond, unit: '1/s', target }),
      figure({ bench, metric: 'latency, median', value: result.p50Ms, unit: 'ms' }),
      figure({ bench, metric: 'latency, 99 of 100', value: result.p99Ms, unit: 'ms' }),
    ]
  } finally {
    await postgres.stop()
  }
}

async function measure(postgres: BenchPostgres): Promise<Result> {
  const databaseUrl = await postgres.createDatabase('migrated')
  await indexTestBlocks(databaseUrl, 10)
  const profile = process.env.BENCH_PROFILE
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []
  const validators = benchValidators()
    .map(({ address }) => address)
    .join(',')
  const own = { BENCH_DATABASE_URL: databaseUrl, BENCH_VALIDATORS: validators }
  const platform = await started<{ url: string }>('platform-process', own, flags)
  try {
    const load = {
      BENCH_URL: platform.said.url,
      BENCH_SUBMISSIONS: String(SUBMISSIONS),
      BENCH_WARM_UP: String(WARM_UP_RESULTS),
      BENCH_MEASURED: String(MEASURED_RESULTS),
    }
    return (await started<Result>('load-process', load)).said
  } finally {
    await platform.stop()
  }
}

/** A process of this bench, once it has said its first word. */
async function started<T>(name: string, env: Record<string, string>, execArgv: readonly string[] = []) {
  const child = fork(path.join(__dirname, 'job-results', `${name}.js`), [], {
    env: { ...process.env, ...env },
    execArgv: [...execArgv],
  })
  const gone = once(child, 'exit')
  const said = await Promise.race([
    once(child, 'message').then(([message]) => message as T),
    gone.then(() => Promise.reject(new Error(`${name} ended before it said anything`))),
  ])
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.disconnect()
    await gone
  }
  return { said, stop }
}
