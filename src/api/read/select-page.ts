import { type Connection, connectionOf, type PageArgs, pageFrom } from '../graphql/connection'
import type { SqlFilter } from '../graphql/sql-filter'
import type { View } from '../head/view'
import { type At, type Segment, seen } from './rows'

export interface PageSource {
  readonly table: string
  /** Columns that order the rows and tell them apart; they follow the filter's columns in an index. */
  readonly key: readonly string[]
}

/** Order of the chain: height, then number of the event. */
export const CHAIN_ORDER = ['valid_from', 'from_seq'] as const

export interface ViewedConnection<T> extends Connection<T> {
  readonly view: View
  readonly netuid: number
}

/** One page of a projection's table, and a count of all rows of the filter for when the query asks for it. */
export async function selectPage<R extends Segment>(
  view: View,
  netuid: number,
  source: PageSource,
  filter: SqlFilter,
  args: PageArgs,
): Promise<ViewedConnection<At<R>>> {
  const { pool, limits } = view.api
  const { key } = source
  const page = pageFrom(args, limits.maxPageRows, key.length)
  const { where, tail, values } = filter.page(page, key)
  const { rows } = await pool.query<R>(`select * from ${source.table} ${where} ${tail}`, values)
  const count = async () => {
    const counted = await pool.query(
      `select count(*)::int as n from ${source.table} ${filter.where}`,
      filter.values,
    )
    return counted.rows[0].n as number
  }
  const positionOf = (row: R) =>
    key.map((column) => Number((row as unknown as Record<string, unknown>)[column]))
  return { ...connectionOf(page, seen(rows, view), positionOf, count), view, netuid }
}
