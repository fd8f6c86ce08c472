import type { Carried, Key, Row, Sink, Value } from '../fold/projection'
import { isSettled, type TableRule } from '../fold/table-rule'

export type Draft = Record<string, Value>

/** Rows to insert and changes to rows that are already stored, of one table. */
export class TableBatch {
  readonly inserts: Draft[] = []
  /** By key: changes to a stored row that holds. Only the first one counts: it ends the row. */
  readonly closes = new Map<string, { readonly key: Key; readonly changes: Row }>()
  readonly changes = new Map<string, Draft>()
  private readonly openRows = new Map<string, Draft>()
  private readonly byId = new Map<string, Draft>()

  constructor(readonly rule: TableRule) {}

  get isEmpty(): boolean {
    return this.inserts.length === 0 && this.closes.size === 0 && this.changes.size === 0
  }

  add(row: Row, key?: Key): void {
    // A fold makes a row for this call alone: it may be changed here.
    const draft = row as Draft
    this.inserts.push(draft)
    this.byId.set(row.id as string, draft)
    if (key) this.openRows.set(keyText(this.rule, key), draft)
  }

  addFirst(key: Key, make: () => Row): void {
    if (!this.openRows.has(keyText(this.rule, key))) this.add(make(), key)
  }

  close(key: Key, make: Row | (() => Row)): void {
    const { rule } = this
    const changes = typeof make === 'function' ? make() : make
    const text = keyText(rule, key)
    const draft = this.openRows.get(text)
    if (draft && draft[rule.openColumn] === null) end(rule, draft, changes)
    // A row of this batch may turn out not to be the first of its key: then the stored one is meant.
    const isStored = !draft || rule.firstWins
    if (isStored && !this.closes.has(text)) this.closes.set(text, { key, changes })
    if (draft && !rule.firstWins) this.openRows.delete(text)
  }

  change(id: string, changes: Row): void {
    const draft = this.byId.get(id)
    const known = draft ?? this.changes.get(id)
    if (isSettled(this.rule, known)) return
    if (draft) Object.assign(draft, changes)
    else this.changes.set(id, { ...known, ...changes })
  }
}

/** Text of the values of the key's columns. */
export function keyText({ key: columns }: TableRule, values: Row | Key): string {
  let text = ''
  for (let i = 0; i < columns.length; i++) text += `${values[columns[i]!]}/`
  return text
}

/** Ends a row in memory. */
export function end({ onClose }: TableRule, draft: Draft, changes: Row): void {
  Object.assign(draft, changes)
  if (onClose && draft[onClose.column] === onClose.from) draft[onClose.column] = onClose.to
}

/** Changes of rows that hold, whatever their keys: done when everything before them is stored. */
export type Sweep =
  | { readonly table: string; readonly match: Key; readonly changes: Row }
  | {
      readonly table: string
      readonly matches: readonly Key[]
      readonly go: (held: readonly Row[]) => readonly Carried[]
    }

/** Collects what the folds do with a run of events. */
export class Batch implements Sink {
  readonly tables = new Map<string, TableBatch>()
  /** No event may follow one that asked for these in the same batch. */
  readonly sweeps: Sweep[] = []

  /** @param ordinals next number by `table/netuid`; changed as numbers are given */
  constructor(
    private readonly ordinals: Map<string, number>,
    private readonly rules: Readonly<Record<string, TableRule>>,
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

  close(table: string, key: Key, changes: Row | (() => Row)): void {
    this.table(table).close(key, changes)
  }

  change(table: string, id: string, changes: Row): void {
    this.table(table).change(id, changes)
  }

  ordinal(table: string, netuid: number): number {
    return nextOrdinal(this.ordinals, table, netuid)
  }

  closeAll(table: string, match: Key, changes: Row): void {
    this.sweeps.push({ table, match, changes })
  }

  carry(table: string, matches: readonly Key[], go: (held: readonly Row[]) => readonly Carried[]): void {
    if (matches.length > 0) this.sweeps.push({ table, matches, go })
  }

  private table(name: string): TableBatch {
    let table = this.tables.get(name)
    if (!table) {
      table = new TableBatch(ruleOf(this.rules, name))
      this.tables.set(name, table)
    }
    return table
  }
}

export function nextOrdinal(ordinals: Map<string, number>, table: string, netuid: number): number {
  const key = `${table}/${netuid}`
  const next = ordinals.get(key) ?? 0
  ordinals.set(key, next + 1)
  return next
}

export function ruleOf(rules: Readonly<Record<string, TableRule>>, table: string): TableRule {
  const rule = rules[table]
  if (!rule) throw new Error(`no projection of this run has a table ${table}`)
  return rule
}
