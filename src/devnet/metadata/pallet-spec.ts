import type { ScaleShape, ScaleVariant } from '../../../abi/shape'

export type StorageHasher = 'Identity' | 'Twox64Concat' | 'Blake2_128Concat'

export interface StorageItemSpec {
  readonly name: string
  readonly modifier: 'Default' | 'Optional'
  /** One hasher a key; both empty for a plain value. */
  readonly hashers: readonly StorageHasher[]
  readonly keys: readonly ScaleShape[]
  readonly value: ScaleShape
  /** SCALE bytes of the default; the type's zero when absent. */
  readonly fallback?: string
}

export interface ConstantSpec {
  readonly name: string
  readonly type: ScaleShape
  /** SCALE bytes as `0x` hex. */
  readonly value: string
}

/** One pallet of one spec version, as the assembler of metadata wants it. */
export interface PalletSpec {
  readonly name: string
  readonly index: number
  readonly calls?: readonly ScaleVariant[]
  readonly events?: readonly ScaleVariant[]
  readonly errors?: readonly ScaleVariant[]
  readonly storage?: readonly StorageItemSpec[]
  readonly constants?: readonly ConstantSpec[]
}
