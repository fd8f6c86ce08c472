import type { EntityField, FieldType } from './entity'

const MS = 'ms since the Unix epoch.'

export const f = (column: string, type: FieldType, over: Partial<EntityField> = {}): EntityField => ({
  column,
  type,
  ...over,
})
export const nullable = { nullable: true } as const
export const filter = { filter: true } as const
export const ms = (column: string) => f(column, 'BigInt', { describe: MS })
export const units = (column: string) => f(column, 'BigInt', { describe: 'Smallest units.' })
export const microUsd = (column: string) => f(column, 'BigInt', { describe: 'Micro-USD.' })
export const endReason = (describe: string) =>
  f('end_reason', 'String', { ...nullable, endsWith: true, describe })
