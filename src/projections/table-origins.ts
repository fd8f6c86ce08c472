import { projections } from './all'
import type { TableOrigins } from './core/row-source'
import { logOf, type Projection } from './fold/projection'

/** Where the tables of these read models come from. */
export function tableOrigins(folds: readonly Projection[] = projections): TableOrigins {
  const origins = new Map(
    folds.flatMap((fold) =>
      Object.entries(fold.tables).map(([table, { told }]) => [table, { log: logOf(fold), told }]),
    ),
  )
  return (table) => {
    const origin = origins.get(table)
    if (!origin) throw new Error(`no projection fills the table ${table}`)
    return origin
  }
}
