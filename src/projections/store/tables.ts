import type { ColumnTypes } from './copy-rows'

/** How rows of a table are found again while they hold. */
export interface TableRule {
  /** Columns that name a row which holds; none for tables whose rows never end. */
  readonly key: readonly string[]
  /** The row holds (or waits) while this column is null. */
  readonly openColumn: 'valid_to' | 'reveal_seq'
  /** The first row of a key stays: later ones are dropped. */
  readonly firstWins?: true
  /** What ending a row does to its other columns, in SQL and in memory. */
  readonly onClose?: {
    readonly column: string
    readonly sql: string
    readonly from: string
    readonly to: string
  }
  /** A row with this value is not changed by id any more: the first change is the one that counts. */
  readonly settled?: { readonly column: string; readonly value: string }
  readonly hasOrdinal?: true
  /** Columns whose text is not that of a plain value. */
  readonly types: ColumnTypes
}

const plain: ColumnTypes = { json: new Set(), bytesArray: new Set() }
const json = (column: string): ColumnTypes => ({ ...plain, json: new Set([column]) })

export const tableRules: Readonly<Record<string, TableRule>> = {
  subnet: { key: ['netuid'], openColumn: 'valid_to', types: plain },
  hyperparameter: { key: ['netuid', 'name'], openColumn: 'valid_to', types: json('value') },
  tenure: { key: ['netuid', 'uid'], openColumn: 'valid_to', types: plain },
  commitment: {
    key: ['netuid', 'hotkey'],
    openColumn: 'valid_to',
    types: json('fields'),
    hasOrdinal: true,
    onClose: {
      column: 'state',
      sql: `case t.state when 'PENDING' then 'CANCELLED' else t.state end`,
      from: 'PENDING',
      to: 'CANCELLED',
    },
    settled: { column: 'state', value: 'REVEALED' },
  },
  first_submission: {
    key: ['netuid', 'hotkey', 'subnet_instance', 'lineage'],
    openColumn: 'reveal_seq',
    types: plain,
    firstWins: true,
  },
  weight_set: {
    key: ['netuid', 'uid', 'mechanism'],
    openColumn: 'valid_to',
    hasOrdinal: true,
    types: { json: new Set(), bytesArray: new Set(['hotkeys']) },
  },
  weight_commit: { key: [], openColumn: 'valid_to', hasOrdinal: true, types: plain },
  emission: { key: [], openColumn: 'valid_to', hasOrdinal: true, types: plain },
}
