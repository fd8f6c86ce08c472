import type { Client } from 'pg'
import { createClient } from '../../database/connect'
import { LedgerError } from '../../errors/ledger-error'
import { logHeads } from '../../log/read'
import { streamEvents } from '../../log/stream'
import { projections } from '../all'
import { logOf, type Projection } from '../fold/projection'
import { Projector } from '../projector'
import { CopyWriter } from './copy-writer'
import { foldLogs, type Positions, TooMixed } from './fold-log'
import { MemorySink } from './memory-sink'
import { createStaging, finishIndexes, STAGING } from './staging'
import { switchOver } from './switch-over'

export interface RebuildOptions {
  readonly url: string
  readonly names: readonly string[] | 'all'
  /** Events folded so far. */
  readonly onProgress?: (events: number) => void
  /** The switch waits for somebody who reads the served tables. */
  readonly onWaiting?: () => void
  /** Estimate of what rows that still hold may take in memory; beyond it tables are kept in the database: slower. */
  readonly heldMaxBytes?: number
}

export interface Rebuilt {
  readonly events: number
  readonly rows: number
}

/** Two rebuilds would build in the same place. */
const REBUILD_LOCK = 7_201_554_403
const HELD_MAX_BYTES = 268_435_456

/** Of the two connections of a rebuild: nothing is lost that a second run would not make again. */
const SETTINGS = [
  'set synchronous_commit = off',
  // Sorting the keys of an index in memory; the server's default is 64 MB.
  "set maintenance_work_mem = '256MB'",
  // Each connection builds an index of its own.
  'set max_parallel_maintenance_workers = 0',
  // A smaller sample for the first plans; autovacuum takes the usual one later.
  'set default_statistics_target = 20',
]

/**
 * Builds read models anew from the log beside the served ones and switches in one transaction, while the API serves and
 * the indexer goes on. A crash leaves the served tables as they are.
 * @throws LedgerError SL-REBUILD-UNKNOWN, SL-REBUILD-RUNNING, SL-REBUILD-GAP, SL-REBUILD-BLOCKED
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const folds = chosen(options.names)
  const [writer, reader] = [createClient(options.url), createClient(options.url)]
  await Promise.all([writer.connect(), reader.connect()])
  try {
    await takeLock(writer)
    return await new Rebuild(writer, reader, folds, options).run()
  } finally {
    await Promise.all([writer.end(), reader.end()])
  }
}

function chosen(names: readonly string[] | 'all'): readonly Projection[] {
  if (names === 'all') return projections
  const unknown = names.filter((name) => !projections.some((projection) => projection.name === name))
  if (unknown.length === 0 && names.length > 0) return projections.filter(({ name }) => names.includes(name))
  throw new LedgerError(
    'SL-REBUILD-UNKNOWN',
    'user',
    `There is no projection ${unknown.join(', ') || 'without a name'}.`,
    {
      remedy: `Name one of these: ${projections.map(({ name }) => name).join(', ')}; or all.`,
    },
  )
}

async function takeLock(client: Client): Promise<void> {
  const { rows } = await client.query('select pg_try_advisory_lock($1) as held', [REBUILD_LOCK])
  if (rows[0].held) return
  throw new LedgerError('SL-REBUILD-RUNNING', 'retryable', 'Another rebuild runs on this database.', {
    remedy: 'Wait for its end and start again.',
  })
}

class Rebuild {
  private positions: Positions = new Map()
  private events = 0
  private readonly tables: readonly string[]
  /** For what is appended while the rebuild runs: folded as the indexer does it. */
  private readonly projector: Projector

  constructor(
    private readonly writer: Client,
    private readonly reader: Client,
    private readonly folds: readonly Projection[],
    private readonly options: RebuildOptions,
  ) {
    this.tables = folds.flatMap(({ tables }) => Object.keys(tables))
    this.projector = new Projector(folds, { schema: STAGING })
  }

  async run(): Promise<Rebuilt> {
    const { writer, reader } = this
    for (const setting of SETTINGS) await Promise.all([writer.query(setting), reader.query(setting)])
    await this.load()
    await finishIndexes([writer, reader], this.tables)
    await switchOver(writer, this.tables, {
      catchUp: () => this.catchUp(),
      mark: () => this.mark(),
      recordState: () => this.recordState(),
      onWaiting: this.options.onWaiting,
    })
    return { events: this.events, rows: await this.countRows() }
  }

  /** All events that are there now, in one transaction: a crash leaves nothing behind. */
  private async load(): Promise<void> {
    for (const order of ['stored', 'numbered'] as const) {
      await this.writer.query('begin')
      try {
        await createStaging(this.writer, this.tables)
        this.positions = await this.foldAll(order)
        await this.writer.query('commit')
        return
      } catch (error) {
        await this.writer.query('rollback')
        if (!(error instanceof TooMixed)) throw error
      }
    }
  }

  private async foldAll(order: 'stored' | 'numbered'): Promise<Positions> {
    const { writer: client, reader, folds } = this
    const writer = new CopyWriter(client, STAGING)
    const sink = await MemorySink.open({
      client,
      writer,
      place: { schema: STAGING },
      rules: Object.assign({}, ...folds.map(({ tables }) => tables)),
      heldMaxBytes: this.options.heldMaxBytes ?? HELD_MAX_BYTES,
    })
    this.events = 0
    const positions = await foldLogs(reader, folds, sink, { order, onEvents: (n) => this.progress(n) })
    await sink.finish()
    return positions
  }

  private progress(events: number): void {
    this.events += events
    this.options.onProgress?.(this.events)
  }

  /** Folds what the logs hold beyond the last fold. */
  private async catchUp(): Promise<void> {
    for (const { log, netuid, size } of await logHeads(this.reader)) {
      const next = this.positions.get(log)
      const fromSeq = next?.get(netuid) ?? 0
      if (!next || fromSeq >= size) continue
      for await (const events of streamEvents(this.reader, { log, netuid, fromSeq })) {
        await this.projector.apply(this.writer, events)
        next.set(netuid, events.at(-1)!.seq + 1)
        this.progress(events.length)
      }
    }
  }

  private mark(): () => void {
    const positions = structuredClone(this.positions)
    const { events } = this
    return () => {
      this.positions = positions
      this.events = events
      this.projector.reset()
    }
  }

  private async countRows(): Promise<number> {
    const counts = this.tables.map((table) => `(select count(*) from ${table})`)
    const { rows } = await this.writer.query(`select (${counts.join(' + ')})::float8 as n`)
    return rows[0].n
  }

  private async recordState(): Promise<void> {
    for (const fold of this.folds) {
      await this.writer.query(
        `insert into projection_state (name, version, positions) values ($1, $2, $3)
         on conflict (name) do update set version = $2, positions = $3`,
        [fold.name, fold.version, JSON.stringify(Object.fromEntries(this.positions.get(logOf(fold))!))],
      )
    }
  }
}
