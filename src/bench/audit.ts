import { createHash } from 'node:crypto'
import { createClient, createPool } from '../database/connect'
import { testBlockHash } from '../database/test-blocks'
import { auditStored } from '../engine/audit'
import { Engine } from '../engine/engine'
import { bitrecsSystem } from '../engine/systems/bitrecs'
import { append } from '../log/append'
import type { EventType, PayloadOf } from '../log/catalogue'
import type { EventDraft } from '../log/envelope'
import { HeadCache } from '../log/heads'
import { Projector } from '../projections/projector'
import { tableOrigins } from '../projections/table-origins'
import { startBenchPostgres } from './bench-postgres'
import { figure, median } from './figure'

const NETUID = 122
const EVENTS = Number(process.env.BENCH_EVENTS ?? 1_000_000)
const MINERS = 256
const TASKS = 12
const VALIDATORS = 3
const BATCH_EVENTS = 10_000
const TEMPO = 360
const HEIGHT = 10_000
const REPEATS = 15
const WARM_UPS = 3
const TARGET_MS = 200

/**
 * One decision audited out of a million log events: rows of the contest read as of the decision, decided again, roots of the logs
 * computed from their tiles, every field compared. Earlier contests, heartbeats and refusals make up the million.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  const postgres = await startBenchPostgres()
  const url = await postgres.createDatabase('migrated')
  const pool = createPool(url, { max: 2 })
  try {
    await fill(url)
    const engine = await openEngine(url)
    await engine.catchUp()
    await engine.close()
    const audit = () => auditStored(pool, bitrecsSystem, tableOrigins(), { netuid: NETUID, seq: 0 })
    const { equal, firstDifference } = await audit()
    if (!equal) throw new Error(`the audit found a difference at ${firstDifference}`)
    const times: number[] = []
    for (let n = 0; n < REPEATS + WARM_UPS; n++) {
      const started = performance.now()
      await audit()
      if (n >= WARM_UPS) times.push(performance.now() - started)
    }
    const common = { bench: 'audit', unit: 'ms', target: { atMost: TARGET_MS }, rounds: times }
    const metric = `audit of a decision over ${MINERS} × ${TASKS} scores at ${EVENTS} log events`
    return [{ ...figure({ ...common, metric, value: median(times) }), equal: true }]
  } finally {
    await pool.end()
    await postgres.stop()
  }
}

async function openEngine(url: string): Promise<Engine> {
  const projector = new Projector()
  return Engine.open({
    databaseUrl: url,
    netuid: NETUID,
    system: bitrecsSystem,
    originOf: tableOrigins(),
    project: (client, events) => projector.apply(client, events),
  })
}

const account = (n: number): `0x${string}` => `0x${n.toString(16).padStart(8, '0').padStart(64, 'b')}`
const uuid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const timeOf = (height: number) => 1_763_000_000_000 + height * 12_000

function event<T extends EventType>(
  log: 'chain' | 'platform',
  type: T,
  height: number,
  payload: PayloadOf<T>,
) {
  const at = { height, blockHash: testBlockHash(height), blockTime: timeOf(height) }
  return { log, netuid: NETUID, subnetInstance: 0, type, ...at, payload } as EventDraft
}

async function fill(url: string): Promise<void> {
  const client = createClient(url)
  // The server stops at the end; whatever failed before is what is to be seen.
  client.on('error', () => undefined)
  await client.connect()
  const heads = new HeadCache()
  const projector = new Projector()
  let batch: EventDraft[] = []
  const write = async () => {
    await client.query('begin')
    await projector.apply(client, await append(client, batch, heads))
    await client.query('commit')
    batch = []
  }
  for (const draft of drafts()) {
    batch.push(draft)
    if (batch.length === BATCH_EVENTS) await write()
  }
  await write()
  await client.query(
    `insert into indexed_block select h, decode(lpad(to_hex(h), 64, '0'), 'hex'), to_timestamp(1763000000 + h * 12)
     from generate_series(0, $1::int) h`,
    [HEIGHT],
  )
  await client.query('update squid_processor.status set height = $1, hash = $2', [
    HEIGHT,
    testBlockHash(HEIGHT),
  ])
  await client.query('analyze')
  await client.end()
}

function* drafts(): Generator<EventDraft> {
  const name = 'Tempo'
  yield event('chain', 'HyperparameterChanged', 0, { name, value: String(TEMPO), source: 'event' } as never)
  for (let uid = 0; uid < MINERS; uid++) {
    const hotkey = account(uid)
    const who = { uid, hotkey, coldkey: null, lineage: hotkey, registeredAt: 0, replaced: null }
    yield event('chain', 'NeuronRegistered', 0, { ...who, source: 'event' })
  }
  const start = HEIGHT - TEMPO - 1
  const policy = { system: 'bitrecs', policyId: 'bitrecs/3', effectiveFromBlock: 0 }
  yield event('platform', 'PolicySet', start, {
    ...policy,
    policy: bitrecsSystem.defaultPolicy,
    origin: 'default',
    at: 0,
  })
  for (let n = 0; n < MINERS; n++) yield submitted(n, start)
  const present = MINERS * TASKS * VALIDATORS
  const rest = EVENTS - 2 * MINERS - present - 4
  yield newSet(1, start)
  for (let n = 0; n < rest; n++) yield n % 3 === 0 ? heartbeat(n, start) : score(n, 1, start)
  yield newSet(2, start)
  for (let n = 0; n < present; n++) yield score(rest + n, 2, start)
}

function submitted(n: number, height: number): EventDraft {
  const sha256 = createHash('sha256').update(String(n)).digest('hex')
  const proof = { size: 300, root: account(n), leafHash: account(n), hashes: [] }
  return event('platform', 'BitrecsAgentSubmitted', height, {
    agentId: uuid(n),
    hotkey: account(n),
    uid: n,
    name: `miner ${n}`,
    provider: 'CHUTES',
    model: 'model',
    temperature: 0.2,
    gist: {
      id: sha256.slice(0, 32),
      account: 'miner',
      createdAt: '2026-01-01T00:00:00+00:00',
      commitSha: sha256.slice(0, 40),
      sha256,
      bytes: 900,
    },
    textSha256: sha256,
    commitment: { text: 'x', revealHeight: 1 + n, commitHeight: n, seq: n, proof },
    requestId: sha256.slice(0, 32),
    submittedAt: timeOf(height),
  } as never)
}

const newSet = (setId: number, height: number): EventDraft =>
  event('platform', 'BitrecsEvaluationSetCreated', height, {
    setId,
    problems: {
      screener_1: [],
      screener_2: [],
      validator: Array.from({ length: TASKS }, (_, t) => `task ${t}`),
    },
    at: timeOf(height),
  })

const heartbeat = (n: number, height: number): EventDraft =>
  event('platform', 'BitrecsHeartbeat', height, {
    sessionId: uuid(n % VALIDATORS),
    systemMetrics: { cpu_percent: n % 100 },
    at: timeOf(height),
  })

function score(n: number, setId: number, height: number): EventDraft {
  const miner = n % MINERS
  const task = Math.floor(n / MINERS) % TASKS
  return event('platform', 'BitrecsScoreRecorded', height, {
    runId: uuid(1_000_000 + n),
    agentId: uuid(miner),
    hotkey: account(miner),
    uid: miner,
    registeredAt: 0,
    task: `task ${task}`,
    score: ((miner * 31 + task * 17 + n) % 101) / 101,
    success: true,
    durationSeconds: 1.5,
    sampleSize: 5,
    setId,
    validator: account(1_000 + (n % VALIDATORS)),
    source: 'run',
    at: timeOf(height),
  })
}
