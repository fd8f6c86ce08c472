import { Codec, Src, TypeKind } from '@subsquid/scale-codec'

/** What timelocked weights hold; the chain drops those that name another hotkey than the committer. */
export interface WeightsPayload {
  readonly hotkey: string
  readonly uids: readonly number[]
  readonly values: readonly number[]
  readonly versionKey: bigint
}

/** SCALE {hotkey bytes, uids, values, version_key} (spec chain.md §5). */
const codec = new Codec([
  { kind: TypeKind.Primitive, primitive: 'U16' },
  { kind: TypeKind.Primitive, primitive: 'U64' },
  { kind: TypeKind.Sequence, type: 0 },
  { kind: TypeKind.HexBytes },
  {
    kind: TypeKind.Composite,
    fields: [
      { name: 'hotkey', type: 3 },
      { name: 'uids', type: 2 },
      { name: 'values', type: 2 },
      { name: 'versionKey', type: 1 },
    ],
  },
])
const PAYLOAD = 4

export const encodePayload = (payload: WeightsPayload): Uint8Array => codec.encodeToBinary(PAYLOAD, payload)

/** Undefined for bytes that are no payload. */
export function decodePayload(bytes: Uint8Array): WeightsPayload | undefined {
  try {
    return codec.decode(PAYLOAD, new Src(bytes)) as WeightsPayload
  } catch {
    return undefined
  }
}
