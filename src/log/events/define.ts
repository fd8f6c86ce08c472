import { type TObject, type TProperties, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'

export const Hex = Type.String({ pattern: '^0x([0-9a-f]{2})*$' })
export const Account = Type.String({ pattern: '^0x[0-9a-f]{64}$', description: '32-byte public key' })
export const Hash = Type.String({ pattern: '^0x[0-9a-f]{64}$' })
export const Uid = Type.Integer({ minimum: 0, maximum: 65_535 })
export const U16 = Type.Integer({ minimum: 0, maximum: 65_535 })
export const Height = Type.Integer({ minimum: 0, description: 'block height' })
/** Integers that may exceed 2^53 (u64, u128, rao) travel as decimal strings. */
export const BigUint = Type.String({ pattern: '^(0|[1-9][0-9]*)$' })
export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

export const OneOf = <const V extends string[]>(...values: V): TUnsafe<V[number]> =>
  Type.Unsafe<V[number]>(Type.Union(values.map((v) => Type.Literal(v))))

/** Payloads are closed: an unknown property is an error, not a surprise for whoever recomputes the leaf. */
export function event<P extends TProperties>(schemaVersion: number, properties: P) {
  return { schemaVersion, payload: Type.Object(properties, { additionalProperties: false }) as TObject<P> }
}
