import type { LogEvent, LogName } from '../../log/envelope'
import type { TableRule } from './table-rule'

/** A value as PostgreSQL takes it from JSON: bytes as `\x…` text, wide integers and times as text. */
export type Value = null | boolean | number | string | readonly unknown[] | Readonly<Record<string, unknown>>
export type Row = Readonly<Record<string, Value>>

/** Key columns by which a row that still holds is found. */
export type Key = Readonly<Record<string, number | string>>

/** What a fold does to its tables. Nothing is read back: whatever a row needs stands in the event. */
export interface Sink {
  /** A row that holds from now on. */
  open(table: string, key: Key, row: Row): void
  /** A row that is a fact of its moment and never ends. */
  add(table: string, row: Row): void
  /** A row unless one of the same key is there; who is first stays first, and mostly no row has to be made. */
  addFirst(table: string, key: Key, make: () => Row): void
  /** Ends the row of the key that holds; nothing when none does. */
  close(table: string, key: Key, changes: Row): void
  /** Changes the row with this id, e.g. a commitment that was revealed. */
  change(table: string, id: string, changes: Row): void
  /** The next number of a table within a netuid: 0, 1, 2, … */
  ordinal(table: string, netuid: number): number
  /**
   * A rare change that copies rows (swap, trim, dissolution), as SQL over the tables as they are by then.
   * `$1` is netuid, `$2` height, `$3` seq; tables are written `{name}`.
   */
  rewrite(event: LogEvent, sql: string, ...values: readonly unknown[]): void
  /** The same for a statement that adds rows to a numbered table: the value after `values` is their first number. */
  copyNumbered(event: LogEvent, table: string, sql: string, ...values: readonly unknown[]): void
}

/** A read model (design §3): a fold of one log into rows. */
export interface Projection {
  readonly name: string
  /** Grows when the same log would give other rows. */
  readonly version: number
  /** The log that it folds; without it: the chain's. */
  readonly log?: LogName
  /** Its tables, which nobody else writes. Every one has id, netuid, valid_from and from_seq. */
  readonly tables: Readonly<Record<string, TableRule>>
  apply(event: LogEvent, sink: Sink): void
}

export const logOf = (projection: Projection): LogName => projection.log ?? 'chain'
