import type { EventType } from '../../log/catalogue'
import type { Row } from './projection'

/**
 * Columns that no row repeats, since the event tells them, at length: who reads a row finds them there, hashed into the log. A vector
 * of 256 weights written once more would be most of what a rebuild has to do.
 */
export interface Told {
  /** Column with the number of the event. */
  readonly seq: string
  readonly by: readonly EventType[]
  /** And what is made of the row for those who read it. Bytes as the log writes them, `0x…`. */
  readonly columns: (payload: never, row: Row) => Row
}

/** How rows of a table are found again while they hold. Its columns and their types are those of the migration. */
export interface TableRule {
  /**
   * Columns that name a row which holds, netuid among them; empty for tables whose rows are never closed. Needs an index
   * of these, in any order, and then `valid_from, from_seq`: the row that holds is the last one.
   */
  readonly key: readonly string[]
  /** The row holds (or waits) while this column is null. */
  readonly openColumn: 'valid_to' | 'reveal_seq'
  /** The first row of a key stays: later ones are dropped. Needs a unique index over the key. */
  readonly firstWins?: true
  /** What ending a row does to another of its columns. */
  readonly onClose?: { readonly column: string; readonly from: string; readonly to: string }
  /** A row with one of these values is not changed by id, or not any more: the first change is the one that counts. */
  readonly settled?: { readonly column: string; readonly values: readonly string[] }
  /** For rows without a key: they change by id until `openColumn` is set. A rebuild keeps them in memory till then. */
  readonly waits?: true
  /** Rows are numbered by `ordinal` within a netuid. */
  readonly hasOrdinal?: true
  /** Without it: a row is all that there is to it. */
  readonly told?: Told
}

/** Nobody changes this row by its id. */
export const isSettled = ({ settled }: TableRule, row: Row | undefined): boolean =>
  settled !== undefined && row !== undefined && settled.values.includes(row[settled.column] as string)

/** Of a table whose rows are facts of their moment. */
export const FACTS: TableRule = { key: [], openColumn: 'valid_to' }

/** Of a table whose rows hold until the next one of their key. */
export const heldBy = (...key: readonly string[]): TableRule => ({ key, openColumn: 'valid_to' })
