import type { Carried, Key, Row } from '../fold/projection'
import { isSettled, type TableRule } from '../fold/table-rule'
import { type Draft, end } from '../store/batch'
import { KeyIndex, type Place } from './key-index'

/** A row that is not written yet, since it may still change. */
interface Held {
  readonly row: Draft
  /** Among the keys; undefined: found by its id only. */
  place: Place<Held> | undefined
  /** Those that hold are a ring: cheaper than a set, which nobody looks into. */
  before: Held
  after: Held
}

/**
 * One table while it is rebuilt: rows that still hold are kept, and written once when they end. What comes after that for a
 * row that was written already is collected, and rare.
 */
export class MemoryTable {
  /** Changes by id of rows that are written. */
  readonly late = new Map<string, Draft>()
  /** By netuid: the next number. */
  readonly numbers = new Map<number, number>()
  private readonly ring = emptyRing()
  private readonly byKey: KeyIndex<Held>
  /** Made when somebody first changes a row by its id: of most tables nobody does. */
  private byId: Map<string, Held> | undefined
  private heldCount = 0

  /** @param write takes finished rows */
  constructor(
    readonly rule: TableRule,
    private readonly write: (row: Row) => void,
  ) {
    this.byKey = new KeyIndex(rule.key)
    if (rule.waits) this.byId = new Map()
  }

  get heldRows(): number {
    return this.heldCount
  }

  /** Keys of a table where the first row wins stay, and that is what they take in memory. */
  get seenKeys(): number {
    return this.rule.firstWins ? this.byKey.size : 0
  }

  ordinal(netuid: number): number {
    const next = this.numbers.get(netuid) ?? 0
    this.numbers.set(netuid, next + 1)
    return next
  }

  add(row: Row): void {
    if (this.rule.waits && row[this.rule.openColumn] === null) this.hold(row, undefined)
    else this.write(row)
  }

  open(key: Key | Row, row: Row): void {
    if (row[this.rule.openColumn] === null) this.hold(row, key)
    else this.write(row)
  }

  addFirst(key: Key, make: () => Row): void {
    if (this.byKey.get(key)) return
    const row = make()
    this.byKey.set(key, WRITTEN)
    this.open(key, row)
  }

  close(key: Key, changes: Row | (() => Row)): void {
    if (this.heldCount === 0) return
    const held = this.byKey.get(key)
    if (held && held !== WRITTEN) this.end(held, typeof changes === 'function' ? changes() : changes)
  }

  change(id: string, changes: Row): void {
    this.byId ??= this.findIds()
    const held = this.byId.get(id)
    const known = held?.row ?? this.late.get(id)
    if (isSettled(this.rule, known)) return
    if (!held) {
      this.late.set(id, { ...known, ...changes })
      return
    }
    Object.assign(held.row, changes)
    if (held.row[this.rule.openColumn] !== null) this.release(held)
  }

  closeAll(match: Key, changes: Row): void {
    for (const held of this.matching([match])) this.end(held, changes)
  }

  carry(matches: readonly Key[], go: (held: readonly Row[]) => readonly Carried[]): void {
    const places = new Map<Row, Held>(this.matching(matches).map((held) => [held.row, held]))
    const carried = go([...places.keys()])
    for (const { held, ended } of carried) this.end(places.get(held)!, ended)
    for (const { next } of carried) if (next) this.open(next, next)
  }

  /** Writes what still holds, as it is. Nothing may come after it. */
  writeAll(): void {
    for (const { row } of this.held()) this.write(row)
  }

  private hold(row: Row, key: Key | Row | undefined): void {
    const { ring } = this
    // A fold makes a row for this call alone: it may be changed here.
    const held: Held = { row: row as Draft, place: undefined, before: ring.before, after: ring }
    ring.before.after = held
    ring.before = held
    this.heldCount += 1
    if (this.byId && !isSettled(this.rule, row)) this.byId.set(row.id as string, held)
    if (key) held.place = this.byKey.set(key, held)
  }

  private end(held: Held, changes: Row): void {
    end(this.rule, held.row, changes)
    this.release(held)
  }

  private release(held: Held): void {
    const { row, before, after, place } = held
    before.after = after
    after.before = before
    this.heldCount -= 1
    this.byId?.delete(row.id as string)
    // Another row may have its place by now.
    if (place?.value === held) {
      if (this.rule.firstWins) place.value = WRITTEN
      else this.byKey.clear(place)
    }
    this.write(row)
  }

  private *held(): Generator<Held> {
    for (let held = this.ring.after; held !== this.ring; held = held.after) yield held
  }

  private findIds(): Map<string, Held> {
    const found = new Map<string, Held>()
    for (const held of this.held())
      if (!isSettled(this.rule, held.row)) found.set(held.row.id as string, held)
    return found
  }

  private matching(matches: readonly Key[]): Held[] {
    const columns = Object.keys(matches[0]!)
    const { key } = this.rule
    if (columns.length === key.length && key.every((column) => columns.includes(column))) {
      return matches.flatMap((match) => this.byKey.get(match) ?? []).filter((held) => held !== WRITTEN)
    }
    const wanted = new Set(matches.map((match) => textOf(columns, match)))
    return [...this.held()].filter(({ row }) => wanted.has(textOf(columns, row)))
  }
}

const textOf = (columns: readonly string[], values: Row | Key): string =>
  columns.map((column) => values[column]).join('/')

function emptyRing(): Held {
  const ring = { row: {}, place: undefined } as unknown as Held
  ring.before = ring
  ring.after = ring
  return ring
}

/** Among the keys of a table where the first row wins: the row of this key does not hold any more, and stays the first. */
const WRITTEN = emptyRing()
