import type { Client } from 'pg'
import { createClient } from '../../database/connect'
import { projections } from '../all'
import { CopyWriter } from './copy-writer'
import { foldLogs, type Positions, TooMixed } from './fold-log'
import { MemorySink } from './memory-sink'
import { createStagingTables, finishIndexes, STAGING } from './staging'

/** Read models that are built together: from one reading of the log, over connections of their own. */
export interface Share {
  readonly url: string
  readonly names: readonly string[]
  /** Estimate of what rows that still hold may take in memory; beyond it tables are kept in the database. */
  readonly heldMaxBytes: number
}

/** Of the connections of a rebuild: nothing is lost that a second run would not make again. */
export const SETTINGS = [
  'set synchronous_commit = off',
  // Sorting the keys of an index in memory; the server's default is 64 MB.
  "set maintenance_work_mem = '128MB'",
  // Each connection builds an index of its own.
  'set max_parallel_maintenance_workers = 0',
  // A smaller sample for the first plans; autovacuum takes the usual one later.
  'set default_statistics_target = 20',
]

/** Told how many events were folded so far, now and then; what it throws ends the building. */
export type OnProgress = (events: number) => void

/** Builds the tables of these read models with their indexes in the staging schema. @returns how far the logs were read */
export async function buildShare(share: Share, onProgress: OnProgress): Promise<Positions> {
  const [writer, reader] = [createClient(share.url), createClient(share.url)]
  await Promise.all([writer.connect(), reader.connect()])
  try {
    for (const setting of SETTINGS) await Promise.all([writer.query(setting), reader.query(setting)])
    return await new ShareBuild(writer, reader, share, onProgress).run()
  } finally {
    await Promise.all([writer.end(), reader.end()])
  }
}

class ShareBuild {
  private readonly folds
  private readonly tables: readonly string[]

  constructor(
    private readonly writer: Client,
    private readonly reader: Client,
    private readonly share: Share,
    private readonly onProgress: OnProgress,
  ) {
    this.folds = projections.filter(({ name }) => share.names.includes(name))
    this.tables = this.folds.flatMap(({ tables }) => Object.keys(tables))
  }

  async run(): Promise<Positions> {
    const positions = await this.load()
    await finishIndexes([this.writer, this.reader], this.tables)
    return positions
  }

  /** All events that are there now, in one transaction: of one that breaks off no row stays. */
  private async load(): Promise<Positions> {
    for (const order of ['stored', 'numbered'] as const) {
      await this.writer.query('begin')
      try {
        await createStagingTables(this.writer, this.tables)
        const positions = await this.foldAll(order)
        await this.writer.query('commit')
        return positions
      } catch (error) {
        await this.writer.query('rollback')
        if (!(error instanceof TooMixed)) throw error
      }
    }
    throw new Error('a log that is read in its order is never too mixed')
  }

  private async foldAll(order: 'stored' | 'numbered'): Promise<Positions> {
    const { writer: client, reader, folds, share } = this
    const sink = await MemorySink.open({
      client,
      writer: new CopyWriter(client, STAGING),
      place: { schema: STAGING },
      rules: Object.assign({}, ...folds.map(({ tables }) => tables)),
      heldMaxBytes: share.heldMaxBytes,
    })
    let folded = 0
    const onEvents = (events: number) => {
      folded += events
      this.onProgress(folded)
    }
    const positions = await foldLogs(reader, folds, sink, { order, onEvents })
    await sink.finish()
    return positions
  }
}
