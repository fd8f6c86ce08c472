import type { Client } from 'pg'
import type { Carried, Key, Row, Sink } from '../fold/projection'
import type { TableRule } from '../fold/table-rule'
import { Batch, nextOrdinal, ruleOf, type Sweep } from '../store/batch'
import { columnsOf } from '../store/columns'
import { changeRows, flush, named, type Place } from '../store/flush'
import { runSweep } from '../store/sweep'
import type { CopyWriter } from './copy-writer'
import { MemoryTable } from './memory-table'
import { createBuildIndexes } from './staging'

/** A row as an object takes this many times the bytes that it has as text. */
const OBJECT_FACTOR = 3
const KEY_BYTES = 300

export interface MemorySinkOptions {
  readonly client: Client
  readonly writer: CopyWriter
  readonly place: Place
  readonly rules: Readonly<Record<string, TableRule>>
  /** Estimate of what rows that hold may take; beyond it the largest tables are kept in the database instead. */
  readonly heldMaxBytes: number
}

/**
 * What folds do, done in memory: nothing is read back, rows are written once. The same rows come out as from batches on stored
 * tables (store/), which is also how a table goes on whose rows that hold are too many for memory.
 */
export class MemorySink implements Sink {
  private readonly tables = new Map<string, MemoryTable>()
  /** Of tables that are in the database. */
  private readonly ordinals = new Map<string, number>()
  /** Tables that outgrew memory. */
  private readonly stored = new Set<string>()
  private batch: Batch
  private sweeps: Sweep[] = []

  private constructor(private readonly options: MemorySinkOptions) {
    this.batch = this.newBatch()
  }

  static async open(options: MemorySinkOptions): Promise<MemorySink> {
    const sink = new MemorySink(options)
    for (const [name, rule] of Object.entries(options.rules)) await sink.addTable(name, rule)
    return sink
  }

  open(table: string, key: Key, row: Row): void {
    const own = this.tables.get(table)
    if (own) own.open(key, row)
    else this.batch.open(table, key, row)
  }

  add(table: string, row: Row): void {
    const own = this.tables.get(table)
    if (own) own.add(row)
    else this.batch.add(table, row)
  }

  addFirst(table: string, key: Key, make: () => Row): void {
    const own = this.tables.get(table)
    if (own) own.addFirst(key, make)
    else this.batch.addFirst(table, key, make)
  }

  close(table: string, key: Key, changes: Row | (() => Row)): void {
    const own = this.tables.get(table)
    if (own) own.close(key, changes)
    else this.batch.close(table, key, changes)
  }

  change(table: string, id: string, changes: Row): void {
    const own = this.tables.get(table)
    if (own) own.change(id, changes)
    else this.batch.change(table, id, changes)
  }

  ordinal(table: string, netuid: number): number {
    return this.tables.get(table)?.ordinal(netuid) ?? nextOrdinal(this.ordinals, table, netuid)
  }

  closeAll(table: string, match: Key, changes: Row): void {
    this.sweeps.push({ table, match, changes })
  }

  carry(table: string, matches: readonly Key[], go: (held: readonly Row[]) => readonly Carried[]): void {
    if (matches.length > 0) this.sweeps.push({ table, matches, go })
  }

  /** To be asked after every event: then `sweep` has to be called before the next one. */
  get hasSweeps(): boolean {
    return this.sweeps.length > 0
  }

  async sweep(): Promise<void> {
    const { sweeps } = this
    this.sweeps = []
    for (const sweep of sweeps) {
      const own = this.tables.get(sweep.table)
      if (!own) await this.sweepStored(sweep)
      else if ('go' in sweep) own.carry(sweep.matches, sweep.go)
      else own.closeAll(sweep.match, sweep.changes)
    }
  }

  /** To be called now and then: keeps within the bounds of memory. */
  async settle(): Promise<void> {
    await this.flushStored()
    while (this.heldBytes() > this.options.heldMaxBytes) await this.store(this.largest())
    await this.options.writer.ready()
  }

  /** Writes everything; the sink is at its end. */
  async finish(): Promise<void> {
    const { client, writer, place } = this.options
    await this.flushStored()
    for (const table of this.tables.values()) table.writeAll()
    await writer.drain()
    for (const [name, { rule, late }] of this.tables) {
      await changeRows(client, named(place, name), { rule, changes: late })
    }
  }

  private async addTable(name: string, rule: TableRule): Promise<void> {
    const { client, writer, place } = this.options
    const columns = await columnsOf(client, named(place, name))
    if (columns.some(({ hasDefault }) => hasDefault)) {
      await createBuildIndexes(client, name, rule)
      this.stored.add(name)
    } else this.tables.set(name, new MemoryTable(rule, writer.open(name, columns)))
  }

  private heldBytes(): number {
    let bytes = 0
    for (const name of this.tables.keys()) bytes += this.bytesOf(name)
    return bytes
  }

  private bytesOf(name: string): number {
    const { heldRows, seenKeys, late } = this.tables.get(name)!
    const row = this.options.writer.averageRowBytes(name) * OBJECT_FACTOR
    return (heldRows + late.size) * row + seenKeys * KEY_BYTES
  }

  private largest(): string {
    return [...this.tables.keys()].reduce((a, b) => (this.bytesOf(b) > this.bytesOf(a) ? b : a))
  }

  /** From now on the rows of this table are found in the database, as they are while the indexer runs. */
  private async store(name: string): Promise<void> {
    const { client, writer, place } = this.options
    const { rule, late, numbers } = this.tables.get(name)!
    this.tables.get(name)!.writeAll()
    await writer.drain()
    await createBuildIndexes(client, name, rule)
    await changeRows(client, named(place, name), { rule, changes: late })
    for (const [netuid, next] of numbers) this.ordinals.set(`${name}/${netuid}`, next)
    this.tables.delete(name)
    this.stored.add(name)
  }

  private async sweepStored(sweep: Sweep): Promise<void> {
    await this.flushStored()
    const { client, rules, place } = this.options
    await runSweep(client, sweep, ruleOf(rules, sweep.table), place)
  }

  private async flushStored(): Promise<void> {
    if (this.stored.size === 0) return
    const { batch } = this
    this.batch = this.newBatch()
    await flush(this.options.client, batch, this.options.place)
  }

  private newBatch(): Batch {
    return new Batch(this.ordinals, this.options.rules)
  }
}
