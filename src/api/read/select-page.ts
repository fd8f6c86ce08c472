import { type Connection, connectionOf, type PageArgs, pageFrom } from '../graphql/connection'
import type { SqlFilter } from '../graphql/sql-filter'
import type { View } from '../head/view'
import { type At, type Segment, seen } from './rows'

export interface PageSource {
  readonly table: string
  /** Unique and ordered within the filter; the cursor. */
  readonly seqColumn?: string
}

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
  const seqColumn = source.seqColumn ?? 'from_seq'
  const page = pageFrom(args, limits.maxPageRows)
  const { where, tail, values } = filter.page(page, seqColumn)
  const { rows } = await pool.query<R>(`select * from ${source.table} ${where} ${tail}`, values)
  const count = async () => {
    const counted = await pool.query(
      `select count(*)::int as n from ${source.table} ${filter.where}`,
      filter.values,
    )
    return counted.rows[0].n as number
  }
  const seqOf = (row: R) => Number((row as unknown as Record<string, unknown>)[seqColumn])
  return { ...connectionOf(page, seen(rows, view), seqOf, count), view, netuid }
}
