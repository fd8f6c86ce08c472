import type { ScaleShape, ScaleVariant, Shape } from '../../../abi/shape'

export type AnyShape = Shape | ScaleShape

export const scaleOf = (shape: AnyShape): ScaleShape => ('scale' in shape ? shape.scale : shape)

/** A call or event with named fields. */
export function variant(
  index: number,
  name: string,
  fields: Readonly<Record<string, AnyShape>> = {},
): ScaleVariant {
  const entries = Object.entries(fields).map(([field, shape]) => ({ name: field, shape: scaleOf(shape) }))
  return entries.length > 0 ? { name, index, fields: entries } : { name, index }
}
