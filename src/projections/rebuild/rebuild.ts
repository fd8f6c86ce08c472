import type { Client } from 'pg'
import { createClient } from '../../database/connect'
import { LedgerError } from '../../errors/ledger-error'
import { logHeads } from '../../log/read'
import { streamEvents } from '../../log/stream'
import { projections } from '../all'
import { logOf, type Projection } from '../fold/projection'
import { Projector } from '../projector'
import type { Positions } from './fold-log'
import { SETTINGS } from './share'
import { buildShares, sharesOf } from './shares'
import { createStaging, dropStaging, STAGING } from './staging'
import { switchOver } from './switch-over'

export interface RebuildOptions {
  readonly url: string
  readonly names: readonly string[] | 'all'
  /** Events folded so far, by the thread that is farthest. */
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

/** Read models that were built together, and how far. */
interface Built {
  readonly folds: readonly Projection[]
  positions: Positions
  /** For what is appended while the rebuild runs: folded as the indexer does it. */
  readonly projector: Projector
}

class Rebuild {
  private built: readonly Built[] = []
  private readonly tables: readonly string[]

  constructor(
    private readonly writer: Client,
    private readonly reader: Client,
    private readonly folds: readonly Projection[],
    private readonly options: RebuildOptions,
  ) {
    this.tables = folds.flatMap(({ tables }) => Object.keys(tables))
  }

  async run(): Promise<Rebuilt> {
    const { writer, reader } = this
    for (const setting of SETTINGS) await Promise.all([writer.query(setting), reader.query(setting)])
    await createStaging(writer)
    this.built = await this.build().catch(async (error: unknown) => {
      await dropStaging(writer).catch(() => undefined)
      throw error
    })
    await switchOver(writer, this.tables, {
      catchUp: () => this.catchUp(),
      mark: () => this.mark(),
      recordState: () => this.recordState(),
      onWaiting: this.options.onWaiting,
    })
    return { events: this.countEvents(), rows: await this.countRows() }
  }

  private async build(): Promise<Built[]> {
    const { url, onProgress, heldMaxBytes = HELD_MAX_BYTES } = this.options
    const shares = sharesOf(this.folds)
    const events = shares.map(() => 0)
    const positions = await buildShares(
      shares.map((folds) => ({
        url,
        names: folds.map(({ name }) => name),
        heldMaxBytes: heldMaxBytes / shares.length,
      })),
      (share, folded) => {
        events[share] = folded
        onProgress?.(Math.max(...events))
      },
    )
    return shares.map((folds, i) => ({
      folds,
      positions: positions[i]!,
      projector: new Projector(folds, { schema: STAGING }),
    }))
  }

  /** Folds what the logs hold beyond the last fold. */
  private async catchUp(): Promise<void> {
    for (const { log, netuid, size } of await logHeads(this.reader)) {
      for (const { positions, projector } of this.built) {
        const next = positions.get(log)
        const fromSeq = next?.get(netuid) ?? 0
        if (!next || fromSeq >= size) continue
        for await (const events of streamEvents(this.reader, { log, netuid, fromSeq })) {
          await projector.apply(this.writer, events)
          next.set(netuid, events.at(-1)!.seq + 1)
        }
      }
    }
  }

  private mark(): () => void {
    const marked = this.built.map(({ positions }) => structuredClone(positions))
    return () => {
      for (const [i, built] of this.built.entries()) {
        built.positions = marked[i]!
        built.projector.reset()
      }
    }
  }

  /** Logs have no gaps: where one was read to is how many events it has. */
  private countEvents(): number {
    const sizes = new Map<string, number>()
    for (const { positions } of this.built) {
      for (const [log, next] of positions) {
        for (const [netuid, size] of next) sizes.set(`${log}/${netuid}`, size)
      }
    }
    return [...sizes.values()].reduce((sum, size) => sum + size, 0)
  }

  private async countRows(): Promise<number> {
    const counts = this.tables.map((table) => `(select count(*) from ${table})`)
    const { rows } = await this.writer.query(`select (${counts.join(' + ')})::float8 as n`)
    return rows[0].n
  }

  private async recordState(): Promise<void> {
    for (const { folds, positions } of this.built) {
      for (const fold of folds) {
        await this.writer.query(
          `insert into projection_state (name, version, positions) values ($1, $2, $3)
           on conflict (name) do update set version = $2, positions = $3`,
          [fold.name, fold.version, JSON.stringify(Object.fromEntries(positions.get(logOf(fold))!))],
        )
      }
    }
  }
}
