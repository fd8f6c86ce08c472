import * as sts from '@subsquid/substrate-runtime/lib/sts'

/**
 * The shape of a SCALE value, written once and used three ways: to check it against a runtime's metadata
 * (`sts`), to type the decoded value (`Value<S>`), and to assemble metadata for the devnet (`scale`).
 *
 * Decoded values are what Subsquid delivers: integers up to 32 bits as `number`, wider ones as `bigint`,
 * bytes, hashes and accounts as `0x` hex, variants as `{__kind, value?}`, options as `T | undefined`.
 */
export interface Shape<T = unknown> {
  readonly sts: sts.Type<T>
  readonly scale: ScaleShape
}

export type Value<S> = S extends Shape<infer T> ? T : never

export type Uint = 'U8' | 'U16' | 'U32' | 'U64' | 'U128'
export type Int = 'I16' | 'I64' | 'I128'

/** What a V14 type registry needs to know; newtypes are flattened, as Subsquid flattens them. */
export type ScaleShape =
  | { readonly kind: 'primitive'; readonly primitive: Uint | Int | 'Bool' | 'Str' }
  | { readonly kind: 'compact'; readonly of: ScaleShape }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'fixedBytes'; readonly length: number; readonly path?: readonly string[] }
  | { readonly kind: 'sequence'; readonly of: ScaleShape }
  | { readonly kind: 'array'; readonly of: ScaleShape; readonly length: number }
  | { readonly kind: 'tuple'; readonly of: readonly ScaleShape[] }
  | { readonly kind: 'option'; readonly of: ScaleShape }
  | {
      readonly kind: 'struct'
      readonly fields: Readonly<Record<string, ScaleShape>>
      readonly path?: readonly string[]
    }
  | {
      readonly kind: 'variant'
      readonly variants: readonly ScaleVariant[]
      readonly path?: readonly string[]
    }
  /** A type that only the runtime itself can state, such as its `RuntimeCall`. */
  | {
      readonly kind: 'runtime'
      readonly name: 'RuntimeCall' | 'RuntimeEvent' | 'DispatchError' | 'DispatchInfo'
    }

export interface ScaleVariant {
  readonly name: string
  readonly index: number
  /** Named fields for a struct-like variant, positional for a tuple-like one, absent for a unit. */
  readonly fields?: readonly { readonly name?: string; readonly shape: ScaleShape }[]
}

const uint = <T extends number | bigint>(primitive: Uint | Int, type: sts.Type<T>): Shape<T> => ({
  sts: type,
  scale: { kind: 'primitive', primitive },
})

export const u8 = uint('U8', sts.number())
export const u16 = uint('U16', sts.number())
export const u32 = uint('U32', sts.number())
export const u64 = uint('U64', sts.bigint())
export const u128 = uint('U128', sts.bigint())
export const i16 = uint('I16', sts.number())
export const bool: Shape<boolean> = { sts: sts.boolean(), scale: { kind: 'primitive', primitive: 'Bool' } }
export const bytes: Shape<string> = { sts: sts.bytes(), scale: { kind: 'bytes' } }
export const unit: Shape<null> = {
  sts: sts.unit() as unknown as sts.Type<null>,
  scale: { kind: 'tuple', of: [] },
}

export function fixedBytes(length: number, path?: readonly string[]): Shape<string> {
  return { sts: sts.bytes(), scale: { kind: 'fixedBytes', length, ...(path ? { path } : {}) } }
}

/** 32-byte public key; the path lets `@polkadot/api` show it as SS58. */
export const accountId = fixedBytes(32, ['sp_core', 'crypto', 'AccountId32'])
export const h256 = fixedBytes(32, ['primitive_types', 'H256'])

export function compact<T>(of: Shape<T>): Shape<T> {
  return { sts: of.sts, scale: { kind: 'compact', of: of.scale } }
}

export function sequence<T>(of: Shape<T>): Shape<T[]> {
  return { sts: sts.array(() => of.sts), scale: { kind: 'sequence', of: of.scale } }
}

export function option<T>(of: Shape<T>): Shape<T | undefined> {
  return { sts: sts.option(() => of.sts), scale: { kind: 'option', of: of.scale } }
}

export function tuple<A extends readonly Shape[]>(
  ...of: A
): Shape<{ -readonly [I in keyof A]: Value<A[I]> }> {
  return {
    sts: (sts.tuple as (types: sts.Type[]) => sts.Type)(of.map((s) => s.sts)) as never,
    scale: { kind: 'tuple', of: of.map((s) => s.scale) },
  }
}

/** Fields of plain structs, for enum variants that carry them inline. */
const structFields = new WeakMap<Shape, Record<string, sts.Type>>()

/** Field names as Subsquid delivers them (camelCase); metadata has them in snake_case. */
export function struct<F extends Record<string, Shape>>(
  fields: F,
  path?: readonly string[],
): Shape<{ [K in keyof F]: Value<F[K]> }> {
  const entries = Object.entries(fields)
  const types = Object.fromEntries(entries.map(([name, s]) => [name, s.sts]))
  const shape = {
    sts: sts.struct(() => types) as never,
    scale: {
      kind: 'struct',
      fields: Object.fromEntries(entries.map(([name, s]) => [name, s.scale])),
      ...(path ? { path } : {}),
    },
  } satisfies Shape<never>
  structFields.set(shape, types)
  return shape
}

export interface VariantDefinition {
  readonly index: number
  /** Absent: a unit variant. A plain struct (without path) gives named fields, anything else one positional. */
  readonly shape?: Shape
}

/** A closed enum. `T` is the decoded union, such as `{__kind: 'Raw1', value: string} | …`. */
export function variant<T>(
  path: readonly string[],
  variants: Readonly<Record<string, VariantDefinition>>,
): Shape<T> {
  const entries = Object.entries(variants)
  const typeOf = ({ shape }: VariantDefinition) => {
    if (!shape) return sts.unit()
    if (shape.scale.kind !== 'struct' || shape.scale.path) return shape.sts
    return sts.enumStruct(structFields.get(shape)!)
  }
  return {
    sts: sts.closedEnum(() => Object.fromEntries(entries.map(([name, v]) => [name, typeOf(v)]))) as never,
    scale: {
      kind: 'variant',
      path,
      variants: entries.map(([name, { index, shape }]) => ({ name, index, ...fieldsOfVariant(shape) })),
    },
  }
}

function fieldsOfVariant(shape: Shape | undefined) {
  if (!shape) return {}
  const { scale } = shape
  if (scale.kind !== 'struct' || scale.path) return { fields: [{ shape: scale }] }
  return { fields: Object.entries(scale.fields).map(([name, of]) => ({ name, shape: of })) }
}

/** What only the runtime itself can state; its decoded form is whatever Subsquid makes of it. */
export function runtimeType(
  name: 'RuntimeCall' | 'RuntimeEvent' | 'DispatchError' | 'DispatchInfo',
): Shape<unknown> {
  return { sts: sts.unknown(), scale: { kind: 'runtime', name } }
}
