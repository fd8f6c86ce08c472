import { Client } from 'pg'
import { LedgerError } from '../../errors/ledger-error'
import type { LogEvent, LogName } from '../../log/envelope'
import { logHeads } from '../../log/read'
import { projections } from '../all'
import { logOf, type Projection } from '../fold/projection'
import { Projector } from '../projector'
import { type FoldRange, foldEvents } from './fold-events'
import { createStaging, finishIndexes, STAGING, switchTables } from './staging'

export interface RebuildOptions {
  readonly url: string
  readonly names: readonly string[] | 'all'
  /** Events folded so far. */
  readonly onProgress?: (events: number) => void
}

export interface Rebuilt {
  readonly events: number
  readonly rows: number
}

/** Two rebuilds would build in the same place. */
const REBUILD_LOCK = 7_201_554_403
/** A tail this short is folded under the lock that keeps the indexer waiting. */
const SHORT_TAIL_EVENTS = 2_000
const MAX_CATCH_UP_PASSES = 50

/** Of the two connections of a rebuild: nothing is lost that a second run would not make again. */
const SETTINGS = [
  'set synchronous_commit = off',
  // Sorting the keys of an index in memory; the server's default is 64 MB.
  "set maintenance_work_mem = '256MB'",
  // A smaller sample for the first plans; autovacuum takes the usual one later.
  'set default_statistics_target = 20',
]

/**
 * Builds read models anew from the log beside the served ones and switches in one transaction, while the API serves and
 * the indexer goes on. A crash leaves the served tables as they are.
 * @throws LedgerError SL-REBUILD-RUNNING
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const folds = projections.filter(({ name }) => options.names === 'all' || options.names.includes(name))
  const [writer, reader] = [new Client(options.url), new Client(options.url)]
  await Promise.all([writer.connect(), reader.connect()])
  try {
    await takeLock(writer)
    return await new Rebuild(writer, reader, folds, options).run()
  } finally {
    await Promise.all([writer.end(), reader.end()])
  }
}

async function takeLock(client: Client): Promise<void> {
  const { rows } = await client.query('select pg_try_advisory_lock($1) as held', [REBUILD_LOCK])
  if (rows[0].held) return
  throw new LedgerError('SL-REBUILD-RUNNING', 'retryable', 'Another rebuild runs on this database.', {
    remedy: 'Wait for its end and start again.',
  })
}

class Rebuild {
  /** By log and netuid: the next event wanted. */
  private readonly next = new Map<LogName, Map<number, number>>()
  private events = 0
  private readonly projector: Projector
  private readonly tables: readonly string[]

  constructor(
    private readonly writer: Client,
    private readonly reader: Client,
    private readonly folds: readonly Projection[],
    private readonly options: RebuildOptions,
  ) {
    this.projector = new Projector(folds, { schema: STAGING }, { seen: new Set(), waiting: new Set() })
    this.tables = folds.flatMap(({ tables }) => Object.keys(tables))
    for (const fold of folds) this.next.set(logOf(fold), new Map())
  }

  async run(): Promise<Rebuilt> {
    const { writer } = this
    await createStaging(writer, this.tables)
    for (const setting of SETTINGS) await Promise.all([writer.query(setting), this.reader.query(setting)])
    for (let pass = 0; pass < MAX_CATCH_UP_PASSES; pass++) {
      if ((await this.foldNew(this.reader)) < SHORT_TAIL_EVENTS) break
    }
    await finishIndexes([writer, this.reader], this.tables)
    await this.foldNew(this.reader)
    return this.switch()
  }

  private async switch(): Promise<Rebuilt> {
    const { writer } = this
    await writer.query('begin')
    try {
      // The indexer writes here before its read models, also for a netuid that is new: it waits until the new tables
      // are in place. Readers do not.
      await writer.query('lock table log_head in exclusive mode')
      await this.foldNew(writer)
      const rows = await this.countRows()
      await switchTables(writer, this.tables)
      for (const fold of this.folds) await this.recordState(fold, rows)
      await writer.query('commit')
      return { events: this.events, rows: [...rows.values()].reduce((a, b) => a + b, 0) }
    } catch (error) {
      await writer.query('rollback')
      throw error
    }
  }

  /** Folds what the logs hold beyond the last fold; how many events that were. */
  private async foldNew(reader: Client): Promise<number> {
    let folded = 0
    for (const { log, netuid, size } of await logHeads(reader)) {
      const next = this.next.get(log)
      const fromSeq = next?.get(netuid) ?? 0
      if (!next || fromSeq >= size) continue
      for await (const events of this.batches(reader, { log, netuid, fromSeq })) {
        await this.projector.begin(this.writer, events)
        folded += events.length
        this.events += events.length
        next.set(netuid, events.at(-1)!.seq + 1)
        this.options.onProgress?.(this.events)
      }
    }
    await this.projector.settled()
    return folded
  }

  /** On the writer's own connection a COPY would be in the way of the folds: there the short tail is read first. */
  private async *batches(reader: Client, range: FoldRange): AsyncGenerator<LogEvent[]> {
    const stream = foldEvents(reader, range)
    if (reader !== this.writer) {
      yield* stream
      return
    }
    const all: LogEvent[] = []
    for await (const events of stream) all.push(...events)
    if (all.length > 0) yield all
  }

  private async countRows(): Promise<Map<string, number>> {
    const rows = new Map<string, number>()
    for (const table of this.tables) {
      const result = await this.writer.query(`select count(*)::float8 as n from ${STAGING}.${table}`)
      rows.set(table, result.rows[0].n)
    }
    return rows
  }

  private async recordState(fold: Projection, rows: Map<string, number>): Promise<void> {
    await this.writer.query(
      `insert into projection_state (name, version, positions, rows) values ($1, $2, $3, $4)
       on conflict (name) do update set version = $2, positions = $3, rows = $4`,
      [
        fold.name,
        fold.version,
        JSON.stringify(Object.fromEntries(this.next.get(logOf(fold))!)),
        Object.keys(fold.tables).reduce((sum, table) => sum + (rows.get(table) ?? 0), 0),
      ],
    )
  }
}
