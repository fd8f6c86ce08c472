import type { Carried, Key, Row } from '../fold/projection'
import type { TableRule } from '../fold/table-rule'
import { type Draft, isSettled, keyText } from '../store/batch'
import { ByteWriter } from './byte-writer'
import type { RowFormat } from './row-format'

/** A row that is not written yet, since it may still change: where its bytes lie. */
interface Held {
  at: number
  size: number
  /** Empty: found by its id only. */
  readonly key: string
}

const FIRST_BYTES = 65_536

/**
 * One table while it is rebuilt: rows that still hold are kept, as bytes, and written once when they end. What comes after that
 * for a row that was written already is collected, and rare.
 */
export class MemoryTable {
  /** Changes by id of rows that are written. */
  readonly late = new Map<string, Draft>()
  private readonly held = new Set<Held>()
  private readonly byKey = new Map<string, Held>()
  /** Made when somebody first changes a row by its id: of most tables nobody does. */
  private byId: Map<string, Held> | undefined
  /** Keys of a table where the first row wins. */
  private readonly seen = new Set<string>()
  private rows = new ByteWriter(FIRST_BYTES)
  private heldSize = 0
  /** By netuid: the next number. */
  readonly numbers = new Map<number, number>()

  /**
   * @param out where finished rows go
   * @param written to be called after each
   */
  constructor(
    readonly rule: TableRule,
    private readonly format: RowFormat,
    private readonly out: ByteWriter,
    private readonly written: () => void,
  ) {
    if (rule.waits) this.byId = new Map()
  }

  /** Bytes of rows that hold. */
  get heldBytes(): number {
    return this.heldSize
  }

  get heldRows(): number {
    return this.held.size
  }

  get seenKeys(): number {
    return this.seen.size
  }

  ordinal(netuid: number): number {
    const next = this.numbers.get(netuid) ?? 0
    this.numbers.set(netuid, next + 1)
    return next
  }

  add(row: Row): void {
    if (this.rule.waits && row[this.rule.openColumn] === null) this.hold(row, '')
    else this.finish(row)
  }

  open(key: Key, row: Row): void {
    this.openAs(keyText(this.rule, key), row)
  }

  addFirst(key: Key, make: () => Row): void {
    const text = keyText(this.rule, key)
    if (this.seen.has(text)) return
    this.seen.add(text)
    this.openAs(text, make())
  }

  close(key: Key, changes: Row): void {
    if (this.held.size === 0) return
    const held = this.byKey.get(keyText(this.rule, key))
    if (held) this.end(held, changes)
  }

  change(id: string, changes: Row): void {
    this.byId ??= this.findIds()
    const held = this.byId.get(id)
    if (!held) {
      const known = this.late.get(id)
      if (!isSettled(this.rule, known)) this.late.set(id, { ...known, ...changes })
      return
    }
    const { settled, openColumn } = this.rule
    if (settled && this.value(held, settled.column) === settled.value) return
    const end = changes[openColumn]
    if (end !== null && end !== undefined) this.release(held, changes)
    else this.rewrite(held, changes)
  }

  closeAll(match: Key, changes: Row): void {
    for (const held of this.matching([match])) this.end(held, changes)
  }

  carry(matches: readonly Key[], go: (held: readonly Row[]) => readonly Carried[]): void {
    const places = new Map<Row, Held>()
    for (const held of this.matching(matches)) places.set(this.format.readRow(this.rows.bytes, held.at), held)
    const carried = go([...places.keys()])
    for (const { held, ended } of carried) this.end(places.get(held)!, ended)
    for (const { next } of carried) if (next) this.openAs(keyText(this.rule, next), next)
  }

  /** Writes what still holds, as it is. */
  writeAll(): void {
    for (const { at, size } of this.held) {
      this.out.copy(this.rows.bytes, at, at + size)
      this.written()
    }
    this.held.clear()
    this.byKey.clear()
    this.byId?.clear()
  }

  private openAs(text: string, row: Row): void {
    if (row[this.rule.openColumn] === null) this.hold(row, text)
    else this.finish(row)
  }

  private finish(row: Row): void {
    this.format.write(this.out, row)
    this.written()
  }

  private hold(row: Row, key: string): void {
    this.makeRoom()
    const at = this.rows.length
    this.format.write(this.rows, row)
    const held = { at, size: this.rows.length - at, key }
    this.heldSize += held.size
    this.held.add(held)
    this.byId?.set(row.id as string, held)
    if (key !== '') this.byKey.set(key, held)
  }

  private end(held: Held, changes: Row): void {
    const { onClose } = this.rule
    if (onClose && this.value(held, onClose.column) === onClose.from) {
      this.release(held, { ...changes, [onClose.column]: onClose.to })
    } else this.release(held, changes)
  }

  private release(held: Held, changes: Row): void {
    this.format.patch(this.out, this.rows.bytes, held.at, changes)
    this.written()
    this.heldSize -= held.size
    this.held.delete(held)
    if (this.byId) this.byId.delete(this.value(held, 'id') as string)
    if (this.byKey.get(held.key) === held) this.byKey.delete(held.key)
  }

  private rewrite(held: Held, changes: Row): void {
    this.makeRoom()
    const at = this.rows.length
    this.rows.room(held.size)
    this.format.patch(this.rows, this.rows.bytes, held.at, changes)
    this.heldSize += this.rows.length - at - held.size
    held.at = at
    held.size = this.rows.length - at
  }

  private value(held: Held, column: string) {
    return this.format.read(this.rows.bytes, held.at, column)
  }

  /** Bytes of rows that are gone lie between those that are not: before the room runs out they are moved together. */
  private makeRoom(): void {
    const { rows } = this
    if (rows.length < rows.bytes.length / 2 || this.heldSize > rows.length / 2) return
    const packed = new ByteWriter(rows.bytes.length)
    for (const held of this.held) {
      const at = packed.length
      packed.copy(rows.bytes, held.at, held.at + held.size)
      held.at = at
    }
    this.rows = packed
  }

  private findIds(): Map<string, Held> {
    return new Map([...this.held].map((held) => [this.value(held, 'id') as string, held]))
  }

  private matching(matches: readonly Key[]): Held[] {
    const columns = Object.keys(matches[0]!)
    const { key } = this.rule
    if (columns.length === key.length && key.every((column) => columns.includes(column))) {
      return matches.flatMap((match) => this.byKey.get(keyText(this.rule, match)) ?? [])
    }
    const wanted = new Set(matches.map((match) => columns.map((column) => match[column]).join('/')))
    return [...this.held].filter((held) => {
      return wanted.has(columns.map((column) => this.value(held, column)).join('/'))
    })
  }
}
