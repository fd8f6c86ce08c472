import type { EventType } from '../../log/catalogue'
import type { LogEvent, LogName } from '../../log/envelope'
import {
  type Carried,
  type Key,
  logOf,
  type Projection,
  type Row,
  type Sink,
  type Value,
} from '../fold/projection'
import { Readers } from '../fold/readers'
import { isSettled, type TableRule } from '../fold/table-rule'
import type { Equals, ReadPoint, RowSource } from './row-source'
import { withColumns } from './told-columns'

type Draft = Record<string, Value>
type Changes = Row | (() => Row)

/** One table in memory: every row it ever had, and which of them hold. */
class Rows {
  readonly all: Draft[] = []
  readonly byId = new Map<string, Draft>()
  private readonly holding = new Map<string, Draft>()

  constructor(readonly rule: TableRule) {}

  add(row: Row, key?: Key): void {
    const draft = { ...row } as Draft
    this.all.push(draft)
    this.byId.set(row.id as string, draft)
    if (key) this.holding.set(this.text(key), draft)
  }

  has(key: Key): boolean {
    return this.holding.has(this.text(key))
  }

  close(key: Key, changes: Changes): void {
    const text = this.text(key)
    const draft = this.holding.get(text)
    if (draft && draft[this.rule.openColumn] === null)
      this.end(draft, typeof changes === 'function' ? changes() : changes)
    if (!this.rule.firstWins) this.holding.delete(text)
  }

  end(draft: Draft, changes: Row): void {
    Object.assign(draft, changes)
    const { onClose } = this.rule
    if (onClose && draft[onClose.column] === onClose.from) draft[onClose.column] = onClose.to
  }

  change(id: string, changes: Row): void {
    const draft = this.byId.get(id)
    if (draft && !isSettled(this.rule, draft)) Object.assign(draft, changes)
  }

  matching(matches: readonly Key[]): Draft[] {
    const fits = (row: Row) => matches.some((match) => Object.keys(match).every((c) => row[c] === match[c]))
    return this.all.filter((row) => row[this.rule.openColumn] === null && fits(row))
  }

  /** Rows that go on take the places of those that ended, all at once. */
  carry(matches: readonly Key[], go: (held: readonly Row[]) => readonly Carried[]): void {
    const carried = go(this.matching(matches).map((row) => ({ ...row })))
    for (const { held, ended } of carried) this.close(this.keyOf(held), ended)
    for (const { next } of carried) if (next) this.add(next, this.keyOf(next))
  }

  private keyOf = (row: Row): Key =>
    Object.fromEntries(this.rule.key.map((column) => [column, row[column] as Key[string]]))

  private text = (key: Key): string => this.rule.key.map((column) => key[column]).join('/')
}

/**
 * Read models folded in memory, for whoever has the events himself and trusts no database: the same rows as in PostgreSQL, so
 * the same views and decisions. Holds every row that ever was: for one subnet, not for a server.
 */
export class MemoryRows implements Sink {
  private readonly tables = new Map<string, Rows>()
  private readonly logs = new Map<string, LogName>()
  private readonly ordinals = new Map<string, number>()
  private readonly readers: Readers
  /** Types of events that rows leave long columns to, and what those tell, by log, netuid and number. */
  private readonly telling: ReadonlySet<EventType>
  private readonly payloads = new Map<string, unknown>()

  constructor(projections: readonly Projection[]) {
    this.readers = new Readers(projections)
    for (const projection of projections) {
      for (const [table, rule] of Object.entries(projection.tables)) {
        this.tables.set(table, new Rows(rule))
        this.logs.set(table, logOf(projection))
      }
    }
    this.telling = new Set([...this.tables.values()].flatMap(({ rule }) => rule.told?.by ?? []))
  }

  /** Events of each log in their order; the logs may alternate as they like. */
  fold(events: Iterable<LogEvent>): void {
    for (const event of events) {
      if (this.telling.has(event.type)) this.payloads.set(tellingKey(event.log, event), event.payload)
      for (const projection of this.readers.of(event)) projection.apply(event, this)
    }
  }

  /** The rows as they were at a point that the fold has reached in every log. */
  at(point: ReadPoint): RowSource {
    const select = (table: string, equals: Equals, isWhole: boolean) => {
      const size = point.sizes[this.logs.get(table)!]
      const found = this.table(table).all.filter((row) => {
        if (row.netuid !== point.netuid || (row.from_seq as number) >= size) return false
        if (isWhole && row.to_seq !== null && (row.to_seq as number) < size) return false
        return Object.entries(equals).every(([column, value]) => row[column] === value)
      })
      found.sort((a, b) => (a.from_seq as number) - (b.from_seq as number) || byId(a, b))
      return this.withTold(table, found)
    }
    return {
      point,
      rows: async (table, equals = {}) => select(table, equals, true),
      history: async (table, equals = {}) => select(table, equals, false),
    }
  }

  open(table: string, key: Key, row: Row): void {
    this.table(table).add(row, key)
  }

  add(table: string, row: Row): void {
    this.table(table).add(row)
  }

  addFirst(table: string, key: Key, make: () => Row): void {
    const rows = this.table(table)
    if (!rows.has(key)) rows.add(make(), key)
  }

  close(table: string, key: Key, changes: Changes): void {
    this.table(table).close(key, changes)
  }

  change(table: string, id: string, changes: Row): void {
    this.table(table).change(id, changes)
  }

  closeAll(table: string, match: Key, changes: Row): void {
    const rows = this.table(table)
    for (const draft of rows.matching([match])) rows.end(draft, changes)
  }

  carry(table: string, matches: readonly Key[], go: (held: readonly Row[]) => readonly Carried[]): void {
    this.table(table).carry(matches, go)
  }

  ordinal(table: string, netuid: number): number {
    const key = `${table}/${netuid}`
    const next = this.ordinals.get(key) ?? 0
    this.ordinals.set(key, next + 1)
    return next
  }

  private withTold(table: string, rows: readonly Row[]): readonly Row[] {
    const { told } = this.table(table).rule
    if (!told) return rows
    const log = this.logs.get(table)!
    const payloadOf = (row: Row) =>
      this.payloads.get(tellingKey(log, { netuid: row.netuid, seq: row[told.seq] }))
    return rows.map((row) => withColumns(told, row, payloadOf(row)))
  }

  private table(name: string): Rows {
    const rows = this.tables.get(name)
    if (!rows) throw new Error(`no projection fills the table ${name}`)
    return rows
  }
}

const tellingKey = (log: LogName, { netuid, seq }: { readonly netuid: unknown; readonly seq: unknown }) =>
  `${log}/${netuid}/${seq}`

const byId = (a: Row, b: Row): number => (String(a.id) < String(b.id) ? -1 : 1)
