import type { ClientBase } from 'pg'
import type { Row, Value } from '../fold/projection'
import type { Equals, ReadPoint, RowSource, TableOrigins } from './row-source'
import { withTold } from './told-columns'

/** A view at a point reads this many rows of a table at most: more is a fault, never silently cut. */
const TABLE_MAX_ROWS = 1_000_000

/** Rows of the served tables at a point of the logs. Names of tables and columns come from the program, never from a request. */
export class SqlRows implements RowSource {
  constructor(
    private readonly client: Pick<ClientBase, 'query'>,
    readonly point: ReadPoint,
    private readonly originOf: TableOrigins,
  ) {}

  rows(table: string, equals: Equals = {}, columns?: readonly string[]): Promise<readonly Row[]> {
    return this.select(table, equals, ' and (to_seq is null or to_seq >= $2)', columns)
  }

  history(table: string, equals: Equals = {}): Promise<readonly Row[]> {
    return this.select(table, equals, '')
  }

  private async select(
    table: string,
    equals: Equals,
    whole: string,
    columns: readonly string[] = [],
  ): Promise<readonly Row[]> {
    const { netuid, sizes } = this.point
    const { log, told } = this.originOf(table)
    const values: unknown[] = [netuid, sizes[log]]
    let where = `netuid = $1 and from_seq < $2${whole}`
    for (const [column, value] of Object.entries(equals)) {
      where += value === null ? ` and ${column} is null` : ` and ${column} = $${values.push(value)}`
    }
    const ordered = `${table} where ${where} order by from_seq, id collate "C" limit ${TABLE_MAX_ROWS}`
    const isWhole = columns.length === 0
    const found = await (isWhole
      ? this.wholeRows(ordered, values)
      : this.namedColumns(ordered, values, columns))
    if (found.length === TABLE_MAX_ROWS) throw new Error(`more than ${TABLE_MAX_ROWS} rows of ${table}`)
    return isWhole ? withTold(this.client, log, told, found) : found
  }

  /** As JSON a row has the values that a fold gave it: bytes as text, integers as numbers. */
  private async wholeRows(ordered: string, values: unknown[]): Promise<readonly Row[]> {
    const text = `select coalesce(json_agg(t), '[]') as rows from (select * from ${ordered}) t`
    const { rows } = await this.client.query<{ rows: Row[] }>({ text, values })
    return rows[0]!.rows
  }

  /** The same, column by column: the names, which would make up half of it, are not sent with every row. */
  private async namedColumns(ordered: string, values: unknown[], columns: readonly string[]): Promise<Row[]> {
    const lists = columns.map((column) => `json_agg(${column}) as ${column}`).join(', ')
    const text = `select ${lists} from (select ${columns.join(', ')} from ${ordered}) t`
    const { rows } = await this.client.query<Record<string, Value[] | null>>({ text, values })
    const [found] = rows
    const length = found![columns[0]!]?.length ?? 0
    return Array.from({ length }, (_, i) => {
      const row: Record<string, Value> = {}
      for (const column of columns) row[column] = found![column]![i]!
      return row
    })
  }
}
