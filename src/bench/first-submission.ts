import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../database/embedded/server'
import { migrate } from '../database/migrate'
import { figure, median } from './figure'
import { BENCH_NETUID, fillCommitments } from './http/commitment-table'
import { type LoadResult, load } from './http/load'
import { type ServerProcess, startApiProcess } from './http/start-process'
import { startSubsquidServer } from './http/subsquid-server'

const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000)
const POOL_CONNECTIONS = 10
const CLIENT_CONNECTIONS = 32
const ROUNDS = 5
const ROUND_MS = 4_000
const WARM_UP_MS = 3_000
const TARGET_REQUESTS_PER_SECOND = 3_000
const TARGET_RATIO = 2
const TARGET_P99_MS = 15

/** The same facts asked from both: who, when, where in the block, what, by which lineage. */
const OUR_QUERY = `query First($hotkey: Account!) { firstSubmission(netuid: ${BENCH_NETUID}, hotkey: $hotkey) {
  hotkey uid lineage contentHash
  commit { height blockHash blockTime extrinsicIndex eventIndex seq contentHash }
  reveal { height blockHash blockTime seq }
  provenance { height blockHash logs { log netuid size root } } } }`

const THEIR_QUERY = `query First($hotkey: Bytes!) { firstSubmissions(where: {netuid_eq: ${BENCH_NETUID}, hotkey_eq: $hotkey}, limit: 1) {
  hotkey uid lineage
  commitHeight commitBlockHash commitBlockTime commitExtrinsicIndex commitEventIndex commitSeq commitContentHash
  revealHeight revealBlockHash revealBlockTime revealSeq } }`

const templateOf = (query: string) => JSON.stringify({ query, variables: { hotkey: '0x$KEY' } })

interface Side {
  readonly name: string
  readonly server: ServerProcess
  readonly template: string
}

/** Every request names another hotkey, so no cache answers. Rounds of the two servers alternate; medians. */
export async function run(): Promise<Record<string, unknown>[]> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-bench-'))
  const postgres = await startEmbeddedPostgres({ dataDir })
  const servers: ServerProcess[] = []
  try {
    await migrate(postgres.url)
    await fillCommitments(postgres.url, ROWS)
    const api = await startApiProcess(postgres.url, POOL_CONNECTIONS, profileFlags())
    servers.push(api)
    const ours: Side = { name: 'subledger', server: api, template: templateOf(OUR_QUERY) }
    const lines = await measureAlone(ours)
    if (process.env.BENCH_ALONE) return lines
    const subsquid = await startSubsquidServer(postgres.url, POOL_CONNECTIONS)
    servers.push(subsquid)
    const theirs: Side = { name: 'subsquid', server: subsquid, template: templateOf(THEIR_QUERY) }
    return [...lines, ...(await compare(ours, theirs))]
  } finally {
    for (const server of servers) await server.stop()
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const profileFlags = () =>
  process.env.BENCH_PROFILE_DIR ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE_DIR}`] : []

let nextKey = 0

async function round(side: Side, durationMs: number, requestsPerSecond?: number): Promise<LoadResult> {
  const from = nextKey
  nextKey += 150_000
  const result = await load({
    url: side.server.url,
    path: '/graphql',
    bodies: { template: side.template, from, keys: ROWS },
    connections: CLIENT_CONNECTIONS,
    durationMs,
    ...(requestsPerSecond && { requestsPerSecond }),
  })
  if (result.failures > 0) throw new Error(`${side.name}: ${result.failures} requests failed`)
  return result
}

async function atRate(side: Side, requestsPerSecond: number): Promise<LoadResult[]> {
  const results: LoadResult[] = []
  for (let i = 0; i < ROUNDS; i += 1) results.push(await round(side, ROUND_MS, requestsPerSecond))
  return results
}

/** Latency counts from the moment a request was due, so that a server that stalls cannot hide it. */
function p99Figure(results: readonly LoadResult[], requestsPerSecond: number, target?: { atMost: number }) {
  const p99s = results.map((result) => result.p99Ms)
  return figure({
    bench: 'first-submission',
    metric: `p99 at ${Math.round(requestsPerSecond)} requests/s`,
    value: median(p99s),
    unit: 'ms',
    rounds: p99s,
    ...(target && { target }),
  })
}

async function measureAlone(ours: Side): Promise<Record<string, unknown>[]> {
  await round(ours, WARM_UP_MS)
  const full: LoadResult[] = []
  for (let i = 0; i < ROUNDS; i += 1) full.push(await round(ours, ROUND_MS))
  const rates = full.map((result) => result.requestsPerSecond)
  const rate = median(rates)
  const half = await atRate(ours, TARGET_REQUESTS_PER_SECOND / 2)
  const ownHalf = await atRate(ours, rate / 2)
  return [
    figure({
      bench: 'first-submission',
      metric: 'closed loop, 32 connections',
      value: rate,
      unit: 'requests/s',
      target: { atLeast: TARGET_REQUESTS_PER_SECOND },
      rounds: rates,
    }),
    p99Figure(half, TARGET_REQUESTS_PER_SECOND / 2, { atMost: TARGET_P99_MS }),
    p99Figure(ownHalf, rate / 2),
    {
      bench: 'first-submission',
      rows: ROWS,
      bytesPerAnswer: full[0]!.bytesPerAnswer,
      bodyCache: 'none',
      p50MsAtHalfLoad: Number(median(half.map((result) => result.p50Ms)).toFixed(3)),
    },
  ]
}

async function compare(ours: Side, theirs: Side): Promise<Record<string, unknown>[]> {
  await round(theirs, WARM_UP_MS)
  const rates = { ours: [] as number[], theirs: [] as number[] }
  for (let i = 0; i < ROUNDS; i += 1) {
    rates.ours.push((await round(ours, ROUND_MS)).requestsPerSecond)
    rates.theirs.push((await round(theirs, ROUND_MS)).requestsPerSecond)
  }
  return [
    figure({
      bench: 'first-submission',
      metric: '@subsquid/graphql-server, same table',
      value: median(rates.theirs),
      unit: 'requests/s',
      rounds: rates.theirs,
    }),
    figure({
      bench: 'first-submission',
      metric: 'against @subsquid/graphql-server',
      value: median(rates.ours.map((rate, i) => rate / rates.theirs[i]!)),
      unit: 'times',
      ratioOf: 'requests/s of ours by theirs, alternating rounds; both over a unix socket with pools of 10',
      target: { atLeast: TARGET_RATIO },
      rounds: rates.ours.map((rate, i) => rate / rates.theirs[i]!),
    }),
  ]
}
