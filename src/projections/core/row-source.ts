import type { LogName } from '../../log/envelope'
import type { Row, Value } from '../fold/projection'
import type { Told } from '../fold/table-rule'

/** How much of each log of a subnet is looked at: its first events, up to (not including) this number. */
export interface ReadPoint {
  readonly netuid: number
  /** Block that the answer is for. */
  readonly height: number
  readonly sizes: { readonly chain: number; readonly platform: number; readonly engine: number }
}

/**
 * Rows of read models as they were at a point of the logs: out of PostgreSQL, or out of memory where someone has folded the
 * events himself. Both give the same rows, so whatever is computed from them is the same. Bytes are `\x…` text.
 */
export interface RowSource {
  readonly point: ReadPoint
  /**
   * Rows that hold at the point, in the order of their events (`from_seq`, then `id`), with what those tell (`TableRule.told`).
   * @param columns those that are looked at; others may be missing, and what events tell is. Of many rows it pays to name few.
   */
  rows(table: string, equals?: Equals, columns?: readonly string[]): Promise<readonly Row[]>
  /** Those and the ones that had ended by the point. A row that ended later shows its end: look at `to_seq`. */
  history(table: string, equals?: Equals): Promise<readonly Row[]>
}

/** What the rows of a table are folded from. */
export interface TableOrigin {
  readonly log: LogName
  readonly told?: Told | undefined
}

/** @throws Error for a table that no read model fills: names come from the program */
export type TableOrigins = (table: string) => TableOrigin

/** Columns and the values they must have. */
export type Equals = Readonly<Record<string, Value>>
