import { DEFAULT_PAGE_ROWS } from '../limits/limits'
import { refuse } from './api-error'

/** Arguments of every connection (Relay's cursor connections). */
export interface PageArgs {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
}

/** Numbers that order the rows of a list and tell them apart, e.g. [height, seq]. */
export type Position = readonly number[]

export interface Page {
  readonly limitRows: number
  readonly after: Position | null
  readonly before: Position | null
  /** The page is the end of the range, not its beginning. */
  readonly backward: boolean
}

export interface Connection<T> {
  readonly nodes: readonly T[]
  readonly edges: readonly { readonly node: T; readonly cursor: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  /** Asked only when the query asks. */
  readonly totalCount: () => Promise<number>
}

/**
 * @param parts how many numbers a position of this list has
 * @throws LedgerError SL-API-PAGE (size), SL-API-CURSOR
 */
export function pageFrom(args: PageArgs, maxPageRows: number, parts: number): Page {
  if (args.first != null && args.last != null) {
    throw refuse('SL-API-PAGE', 'Both first and last are given.', 'Give one of them.')
  }
  const limitRows = args.first ?? args.last ?? DEFAULT_PAGE_ROWS
  if (limitRows < 1 || limitRows > maxPageRows) {
    throw refuse(
      'SL-API-PAGE',
      `A page has 1 to ${maxPageRows} rows.`,
      'Ask for a smaller page, then the next.',
      {
        limitRows: maxPageRows,
      },
    )
  }
  return {
    limitRows,
    after: positionOf(args.after, parts),
    before: positionOf(args.before, parts),
    backward: args.last != null,
  }
}

/** A cursor is the position in digits, e.g. `4021-17`. */
const cursorOf = (position: Position): string => position.join('-')

function positionOf(cursor: string | null | undefined, parts: number): Position | null {
  if (cursor == null) return null
  const position = /^[0-9]{1,15}(-[0-9]{1,15}){0,2}$/.test(cursor) ? cursor.split('-').map(Number) : []
  if (position.length !== parts) {
    throw refuse(
      'SL-API-CURSOR',
      'This is not a cursor of this list.',
      'Take cursors from edges or pageInfo.',
    )
  }
  return position
}

/**
 * Makes the connection from rows that were read with one row more than the page has.
 * @param rows in the order they were read: backward pages come last row first
 */
export function connectionOf<T>(
  page: Page,
  rows: readonly T[],
  positionOfRow: (row: T) => Position,
  totalCount: () => Promise<number>,
): Connection<T> {
  const more = rows.length > page.limitRows
  const kept = rows.slice(0, page.limitRows)
  const nodes = page.backward ? kept.reverse() : kept
  const edges = nodes.map((node) => ({ node, cursor: cursorOf(positionOfRow(node)) }))
  return {
    nodes,
    edges,
    totalCount,
    pageInfo: {
      hasNextPage: page.backward ? page.before !== null : more,
      hasPreviousPage: page.backward ? more : page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
