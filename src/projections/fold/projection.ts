import type { EventType } from '../../log/catalogue'
import type { LogEvent, LogName } from '../../log/envelope'
import type { TableRule } from './table-rule'

/**
 * A value as PostgreSQL takes it from JSON: bytes as `\x…` text (`bytea`, `account`), times as dates, wide integers as decimal text. A
 * rebuild refuses others.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | Date
  | readonly unknown[]
  | Readonly<Record<string, unknown>>
export type Row = Readonly<Record<string, Value>>

/** Key columns by which a row that still holds is found. */
export type Key = Readonly<Record<string, number | string>>

/** What becomes of a row that held: its last values, and the row that goes on in its place, if one does. */
export interface Carried {
  readonly held: Row
  readonly ended: Row
  readonly next?: Row
}

/** What a fold does to its tables. Nothing is read back but by `carry`: whatever a row needs stands in the event. */
export interface Sink {
  /** A row that holds from now on. */
  open(table: string, key: Key, row: Row): void
  /** A row that is a fact of its moment, or changes by id alone. */
  add(table: string, row: Row): void
  /** A row unless one of the same key is there; who is first stays first, and mostly no row has to be made. */
  addFirst(table: string, key: Key, make: () => Row): void
  /**
   * Ends the row of the key that holds; nothing when none does, and then the changes need not be made.
   * @param changes of one table always with the same columns: they are written together
   */
  close(table: string, key: Key, changes: Row | (() => Row)): void
  /** Changes the row with this id, e.g. a commitment that was revealed. */
  change(table: string, id: string, changes: Row): void
  /** The next number of a table within a netuid: 0, 1, 2, … */
  ordinal(table: string, netuid: number): number
  /**
   * Ends every row that holds and has these values (a dissolution). Done when everything else of the event is, and dear
   * enough for rare events only; so is `carry`.
   */
  closeAll(table: string, match: Key, changes: Row): void
  /**
   * Rows that hold and have the values of one of `matches` end, some go on with other values (a swap, a trim): all at
   * once, so that they may change places. Columns of `held` that a fold does not name are to be passed on as they are.
   * @param matches all with the same columns
   * @param go is given the rows in no particular order
   */
  carry(table: string, matches: readonly Key[], go: (held: readonly Row[]) => readonly Carried[]): void
}

/** A read model (design §3): a fold of one log into rows. */
export interface Projection {
  readonly name: string
  /** Grows when the same log would give other rows. */
  readonly version: number
  /** The log that it folds; without it: the chain's. */
  readonly log?: LogName
  /** Types of events that it is given; without it: any. A rebuild leaves out the payloads of all others. */
  readonly reads?: readonly EventType[]
  /** Lists in payloads, by type of event, that it asks for single items (`at`) or for nothing. A rebuild does not read them whole. */
  readonly sparse?: Partial<Record<EventType, readonly string[]>>
  /** Its tables, which nobody else writes. Every one has id, netuid, valid_from and from_seq. */
  readonly tables: Readonly<Record<string, TableRule>>
  apply(event: LogEvent, sink: Sink): void
}

export const logOf = (projection: Projection): LogName => projection.log ?? 'chain'
