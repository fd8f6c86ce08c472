import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { type BenchPostgres, startBenchPostgres } from './bench-postgres'
import { postgresCpuSeconds } from './cpu-seconds'
import { figure } from './figure'
import { fillChain } from './submit/fill-chain'

const WARM_UP_SUBMISSIONS = 400
const MEASURED_SUBMISSIONS = 3_000
const MINERS = WARM_UP_SUBMISSIONS + MEASURED_SUBMISSIONS
const REQUIRED_PER_SECOND = 300
/** The gists are an hour old. */
const GIST_AGE_MS = 3_600_000

interface Result {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the measured part. */
  readonly loadMsEach: number
  readonly failures: number
  readonly firstFailure?: string
}

interface Measured extends Result {
  /** Processor time of the platform (ms). */
  readonly cpuMsEach: number
  readonly postgresMsEach: number
  readonly gistsMsEach: number
}

/**
 * Accepted submissions a second: both signatures, the gist from a local host, its YAML and template rules, the commitment with its
 * inclusion proof, similarity with everything before it, log and read models in a database with fsync. Platform, gist host and
 * load generator are processes of their own. Set BENCH_PROFILE to a folder for a CPU profile of the platform.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  await cryptoWaitReady()
  const postgres = await startBenchPostgres()
  try {
    const result = await measure(postgres)
    if (result.failures > 0) throw new Error(`${result.failures} submissions failed: ${result.firstFailure}`)
    const bench = 'submit'
    const target = { atLeast: REQUIRED_PER_SECOND }
    return [
      figure({ bench, metric: 'accepted submissions', value: result.perSecond, unit: '1/s', target }),
      figure({ bench, metric: 'processor time of the platform each', value: result.cpuMsEach, unit: 'ms' }),
      figure({
        bench,
        metric: 'processor time of PostgreSQL each',
        value: result.postgresMsEach,
        unit: 'ms',
      }),
      figure({
        bench,
        metric: 'processor time of the gist host each',
        value: result.gistsMsEach,
        unit: 'ms',
      }),
      figure({
        bench,
        metric: 'processor time of the load generator each',
        value: result.loadMsEach,
        unit: 'ms',
      }),
      figure({ bench, metric: 'latency, median', value: result.p50Ms, unit: 'ms' }),
      figure({ bench, metric: 'latency, 99 of 100', value: result.p99Ms, unit: 'ms' }),
    ]
  } finally {
    await postgres.stop()
  }
}

async function measure(postgres: BenchPostgres): Promise<Measured> {
  const databaseUrl = await postgres.createDatabase('migrated')
  await fillChain(databaseUrl, MINERS, Date.now() - GIST_AGE_MS)
  const createdAt = `${new Date(Date.now() - GIST_AGE_MS).toISOString().slice(0, 19)}+00:00`
  const shared = { BENCH_MINERS: String(MINERS), BENCH_CREATED_AT: createdAt }
  const gists = await started<{ url: string }>('gist-process', shared)
  const profile = process.env.BENCH_PROFILE
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []
  const own = { BENCH_DATABASE_URL: databaseUrl, BENCH_GIST_URL: gists.said.url }
  const platform = await started<{ url: string }>('platform-process', own, flags)
  try {
    const load = { ...shared, BENCH_URL: platform.said.url, BENCH_WARM_UP: String(WARM_UP_SUBMISSIONS) }
    const before = await platform.ask<number>()
    const [pg, gi] = [postgresCpuSeconds(postgres.dataDir), await gists.ask<number>()]
    const { said } = await started<Result>('load-process', load)
    return {
      ...said,
      cpuMsEach: ((await platform.ask<number>()) - before) / MINERS,
      postgresMsEach: ((postgresCpuSeconds(postgres.dataDir) - pg) * 1000) / MINERS,
      gistsMsEach: ((await gists.ask<number>()) - gi) / MINERS,
    }
  } finally {
    await platform.stop()
    await gists.stop()
  }
}

/** A process of this bench, once it has said its first word. */
async function started<T>(name: string, env: Record<string, string>, execArgv: readonly string[] = []) {
  const child = fork(path.join(__dirname, 'submit', `${name}.js`), [], {
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
  const ask = async <A>() => {
    const answer = once(child, 'message')
    child.send('cpu')
    return (await answer)[0] as A
  }
  return { said, stop, ask }
}
