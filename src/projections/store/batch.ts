import type { LogEvent } from '../../log/envelope'
import type { Key, Row, Sink, Value } from '../fold/projection'
import type { TableRule } from '../fold/table-rule'

type Draft = Record<string, Value>

/** Rows to insert and changes to rows that are already stored, of one table. */
export class TableBatch {
  readonly inserts: Draft[] = []
  /** By key: changes to a stored row that holds. Only the first one counts: it ends the row. */
  readonly closes = new Map<string, { readonly key: Key; readonly changes: Row }>()
  readonly changes = new Map<string, Draft>()
  private readonly openRows = new Map<string, Draft>()
  private readonly byId = new Map<string, Draft>()

  /** @param firsts keys of all rows stored so far of a table where the first wins; undefined: not known */
  constructor(
    readonly rule: TableRule,
    private readonly firsts?: Firsts,
  ) {}

  get knowsFirsts(): boolean {
    return this.firsts !== undefined
  }

  get isEmpty(): boolean {
    return this.inserts.length === 0 && this.closes.size === 0 && this.changes.size === 0
  }

  add(row: Row, key?: Key): void {
    // A fold makes a row for this call alone: it may be changed here.
    const draft = row as Draft
    this.inserts.push(draft)
    this.byId.set(row.id as string, draft)
    if (key) this.openRows.set(keyText(key), draft)
  }

  addFirst(key: Key, make: () => Row): void {
    const text = keyText(key)
    if (this.openRows.has(text) || this.firsts?.seen.has(text)) return
    const row = make()
    this.firsts?.seen.add(text)
    if (row[this.rule.openColumn] === null) this.firsts?.waiting.add(text)
    this.add(row, key)
  }

  close(key: Key, changes: Row): void {
    const text = keyText(key)
    const { rule } = this
    const draft = this.openRows.get(text)
    if (draft && draft[rule.openColumn] === null) {
      Object.assign(draft, changes)
      if (rule.onClose && draft[rule.onClose.column] === rule.onClose.from)
        draft[rule.onClose.column] = rule.onClose.to
    }
    // A row of this batch may turn out not to be the first of its key: then the stored one is meant.
    const isStored = this.firsts ? this.firsts.waiting.delete(text) && !draft : !draft || rule.firstWins
    if (isStored && !this.closes.has(text)) this.closes.set(text, { key, changes })
    if (draft && !rule.firstWins) this.openRows.delete(text)
  }

  change(id: string, changes: Row): void {
    const draft = this.byId.get(id)
    const { settled } = this.rule
    const known = draft ?? this.changes.get(id)
    if (settled && known?.[settled.column] === settled.value) return
    if (draft) Object.assign(draft, changes)
    else this.changes.set(id, { ...known, ...changes })
  }
}

/** What a rebuild, which begins with empty tables, knows of all first rows: their keys, and whose row still waits. */
export interface Firsts {
  readonly seen: Set<string>
  readonly waiting: Set<string>
}

function keyText(key: Key): string {
  let text = ''
  for (const column in key) text += `${key[column]}/`
  return text
}

/** SQL that has to see the tables as they are after everything before it. */
export interface Rewrite {
  readonly sql: string
  readonly values: readonly unknown[]
  /** For a rewrite that adds numbered rows: the number to begin with, given as the last value. */
  readonly numbering?: { next(): number; gave(rows: number): void }
}

/** Collects what the folds do with a run of events. */
export class Batch implements Sink {
  readonly tables = new Map<string, TableBatch>()
  /** They are done after everything else, so that no event may follow one in the same batch. */
  readonly rewrites: Rewrite[] = []

  /** @param ordinals next number by `table/netuid`; changed as numbers are given */
  constructor(
    private readonly ordinals: Map<string, number>,
    private readonly rules: Readonly<Record<string, TableRule>>,
    private readonly firsts?: Firsts,
  ) {}

  open(table: string, key: Key, row: Row): void {
    this.table(table).add(row, key)
  }

  add(table: string, row: Row): void {
    this.table(table).add(row)
  }

  addFirst(table: string, key: Key, make: () => Row): void {
    this.table(table).addFirst(key, make)
  }

  close(table: string, key: Key, changes: Row): void {
    this.table(table).close(key, changes)
  }

  change(table: string, id: string, changes: Row): void {
    this.table(table).change(id, changes)
  }

  ordinal(table: string, netuid: number): number {
    const key = `${table}/${netuid}`
    const next = this.ordinals.get(key) ?? 0
    this.ordinals.set(key, next + 1)
    return next
  }

  rewrite(event: LogEvent, sql: string, ...values: readonly unknown[]): void {
    this.rewrites.push({ sql, values: [event.netuid, event.height, event.seq, ...values] })
  }

  copyNumbered(event: LogEvent, table: string, sql: string, ...values: readonly unknown[]): void {
    const key = `${table}/${event.netuid}`
    const next = () => this.ordinals.get(key) ?? 0
    const numbering = { next, gave: (rows: number) => void this.ordinals.set(key, next() + rows) }
    this.rewrites.push({ sql, values: [event.netuid, event.height, event.seq, ...values], numbering })
  }

  private table(name: string): TableBatch {
    let table = this.tables.get(name)
    if (!table) {
      const rule = this.rules[name]
      if (!rule) throw new Error(`no projection of this run has a table ${name}`)
      table = new TableBatch(rule, rule.firstWins && this.firsts)
      this.tables.set(name, table)
    }
    return table
  }
}
