/** How a column is shown: accounts as SS58, bytes as hex, wide integers as decimal strings, times as RFC 3339. */
export type FieldType =
  | 'Int'
  | 'Float'
  | 'String'
  | 'Boolean'
  | 'Account'
  | 'Bytes'
  | 'BigInt'
  | 'DateTime'
  | 'JSON'

export interface EntityField {
  readonly column: string
  readonly type: FieldType
  readonly nullable?: true
  readonly describe?: string
  /** Written by the event that ends the row: null while it holds. */
  readonly endsWith?: true
  /** May be filtered by equality; needs an index that begins with netuid and this column. */
  readonly filter?: true
}

/** A table shown in GraphQL as a connection: `<query>(netuid, <filters>, at, first, after)`. */
export interface Entity {
  /** Name of the type, e.g. BitrecsAgent. */
  readonly type: string
  /** Name of the list query, e.g. bitrecsAgents. */
  readonly query: string
  readonly table: string
  readonly describe: string
  /** By name in GraphQL. `netuid`, `subnetInstance`, `fromHeight`, `toHeight`, `seq` are there without being named. */
  readonly fields: Readonly<Record<string, EntityField>>
}
