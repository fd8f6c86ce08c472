import { DEFAULT_PAGE_ROWS } from '../limits/limits'
import { refuse } from './api-error'

/** Arguments of every connection (Relay's cursor connections). */
export interface PageArgs {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
}

/** A page in terms of `seq`, the number of the event a row came from: unique and ordered within a log. */
export interface Page {
  readonly limitRows: number
  readonly afterSeq: number | null
  readonly beforeSeq: number | null
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

/** @throws LedgerError SL-API-PAGE (size), SL-API-CURSOR */
export function pageFrom(args: PageArgs, maxPageRows: number): Page {
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
    afterSeq: seqOf(args.after),
    beforeSeq: seqOf(args.before),
    backward: args.last != null,
  }
}

function seqOf(cursor: string | null | undefined): number | null {
  if (cursor == null) return null
  const seq = /^(0|[1-9][0-9]{0,15})$/.test(cursor) ? Number(cursor) : Number.NaN
  if (!Number.isSafeInteger(seq)) {
    throw refuse('SL-API-CURSOR', 'This is not a cursor of ours.', 'Take cursors from edges or pageInfo.')
  }
  return seq
}

/**
 * Makes the connection from rows that were read with one row more than the page has.
 * @param rows in the order they were read: backward pages come last row first
 */
export function connectionOf<T>(
  page: Page,
  rows: readonly T[],
  seqOfRow: (row: T) => number,
  totalCount: () => Promise<number>,
): Connection<T> {
  const more = rows.length > page.limitRows
  const kept = rows.slice(0, page.limitRows)
  const nodes = page.backward ? kept.reverse() : kept
  const edges = nodes.map((node) => ({ node, cursor: String(seqOfRow(node)) }))
  return {
    nodes,
    edges,
    totalCount,
    pageInfo: {
      hasNextPage: page.backward ? page.beforeSeq !== null : more,
      hasPreviousPage: page.backward ? more : page.afterSeq !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
