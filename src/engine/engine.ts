import type { Pool } from 'pg'
import type { Anchor } from '../database/anchor'
import { connect, createPool } from '../database/connect'
import { LogWriter, type LogWriterOptions } from '../database/log-writer'
import type { EventDraft, Hex, LogEvent } from '../log/envelope'
import { streamEvents } from '../log/stream'
import { type Blob, writeBlobs } from '../platform/core/blobs'
import { draft, type PlatformDraft } from '../platform/core/platform-event'
import { readPointAt } from '../projections/core/read-point'
import type { ReadPoint, TableOrigins } from '../projections/core/row-source'
import { SqlRows } from '../projections/core/sql-rows'
import { decideAt, MAIN_MECHANISM, type Occasion, storedRoots } from './decide-at'
import { watchWeights } from './divergence/watch'
import { EngineState } from './engine-state'
import type { SubnetSystem } from './system'
import { nextWork, type Work } from './work'

export interface EngineOptions extends Pick<LogWriterOptions, 'project' | 'onRollback'> {
  readonly databaseUrl: string
  readonly netuid: number
  readonly system: SubnetSystem
  /** Where the tables of the read models come from. */
  readonly originOf: TableOrigins
  /** Told of everything that was committed, in order: alarms. */
  readonly onEvents?: (events: readonly LogEvent[]) => void
}

const POOL_CONNECTIONS = 2

/** Decides at each epoch and on demand, and compares what validators set with it. The one writer of a subnet's engine log. */
export class Engine {
  private isClosed = false
  private working: Promise<number> = Promise.resolve(0)

  private constructor(
    private readonly options: EngineOptions,
    private readonly pool: Pool,
    private readonly writer: LogWriter,
    private readonly state: EngineState,
  ) {}

  /** @throws LedgerError SL-SECOND-WRITER, SL-DB-… */
  static async open(options: EngineOptions): Promise<Engine> {
    const { databaseUrl: url, netuid } = options
    const writer = await LogWriter.open({ ...options, url, log: 'engine' })
    const pool = createPool(url, { max: POOL_CONNECTIONS })
    const engine = new Engine(options, pool, writer, await foldOwnLog(url, netuid))
    return engine
  }

  /** Does everything that is due by the indexed head. @returns events appended */
  catchUp(signal?: AbortSignal): Promise<number> {
    this.working = this.workOff(signal)
    return this.working
  }

  private async workOff(signal: AbortSignal | undefined): Promise<number> {
    let appended = 0
    while (!signal?.aborted && !this.isClosed) {
      const height = await this.head()
      const work = height < 0 ? undefined : await nextWork(this.pool, this.options, this.state, height)
      if (!work) break
      appended += await this.perform(work)
    }
    return appended
  }

  /** Last indexed block; −1 before the first. */
  private async head(): Promise<number> {
    const { rows } = await this.pool.query<{ height: number }>({
      name: 'subledger-engine-head',
      text: 'select height from squid_processor.status where id = 0',
    })
    return rows[0]?.height ?? -1
  }

  /** Lets what is being decided be recorded: a query that waits for a connection when the pool ends would wait for ever. */
  async close(): Promise<void> {
    this.isClosed = true
    await this.working.catch(() => undefined)
    await this.writer.close()
    await this.pool.end()
  }

  private async perform(work: Work): Promise<number> {
    const point = await this.pointOf(work)
    const source = new SqlRows(this.pool, point, this.options.originOf)
    if (work.kind === 'weights' || work.kind === 'epoch_end') {
      const against = work.kind === 'weights' ? 'acted_upon' : 'newest'
      const only = work.kind === 'weights' ? work.validators : undefined
      const events = await watchWeights(this.state, source, MAIN_MECHANISM, against, only)
      this.state.looked(work)
      return this.append(events, [], point.height)
    }
    const { netuid, system } = this.options
    const occasion: Occasion =
      work.kind === 'epoch'
        ? { epoch: work.epoch, epochEndsAt: work.epochEndsAt, trigger: null }
        : { epoch: null, epochEndsAt: null, trigger: work.seq }
    const decided = await decideAt(system, source, occasion, storedRoots(this.pool, netuid))
    this.state.looked(work)
    if (!decided) return 0
    const events = [draft('DecisionMade', decided.payload), ...decided.follow]
    return this.append(events, [decided.evidence], point.height)
  }

  /** Up to where each log is read: a decision on demand sees the platform log up to the event that asked for it. */
  private async pointOf(work: Work): Promise<ReadPoint> {
    const height = Math.max(work.height, this.state.height)
    const point = await readPointAt(this.pool, this.options.netuid, height)
    const platform = work.kind === 'trigger' ? work.seq + 1 : point.sizes.platform
    return { ...point, sizes: { ...point.sizes, platform, engine: this.state.size } }
  }

  private async append(
    events: readonly PlatformDraft[],
    blobs: readonly Blob[],
    height: number,
  ): Promise<number> {
    if (events.length === 0) return 0
    const at = await blockAt(this.pool, this.options.netuid, height)
    const drafts = events.map(
      (event): EventDraft => ({
        log: 'engine',
        netuid: this.options.netuid,
        ...at,
        ...event,
      }),
    )
    const appended = await this.writer.commit(drafts, (client) => writeBlobs(client, blobs))
    for (const event of appended) this.state.evolve(event)
    this.options.onEvents?.(appended)
    return appended.length
  }
}

async function foldOwnLog(url: string, netuid: number): Promise<EngineState> {
  const state = new EngineState()
  const client = await connect(url)
  try {
    for await (const events of streamEvents(client, { log: 'engine', netuid })) {
      for (const event of events) state.evolve(event)
    }
  } finally {
    await client.end()
  }
  return state
}

const SELECT_BLOCK = `
  select '0x' || encode(hash, 'hex') as hash, (extract(epoch from time) * 1000)::float8 as time, coalesce((
    select subnet_instance::float8 from log_event where log = 'chain' and netuid = $1 and height <= $2
    order by height desc, seq desc limit 1
  ), 0) as instance from indexed_block where height = $2`

async function blockAt(pool: Pool, netuid: number, height: number): Promise<Anchor> {
  const { rows } = await pool.query<{ hash: Hex; time: number; instance: number }>({
    name: 'subledger-engine-block',
    text: SELECT_BLOCK,
    values: [netuid, height],
  })
  const { hash, time, instance } = rows[0]!
  return { height, blockHash: hash, blockTime: time, subnetInstance: instance }
}
