import type { LogName } from '../log/envelope'
import { projections } from './all'
import { logOf, type Projection } from './fold/projection'

/** Which log each table of these read models is folded from. */
export function tableLogs(folds: readonly Projection[] = projections): (table: string) => LogName {
  const logs = new Map(folds.flatMap((fold) => Object.keys(fold.tables).map((table) => [table, logOf(fold)])))
  return (table) => {
    const log = logs.get(table)
    if (!log) throw new Error(`no projection fills the table ${table}`)
    return log
  }
}
