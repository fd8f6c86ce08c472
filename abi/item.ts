import type { ScaleShape, Shape } from './shape'

/**
 * One thing of the runtime that is read: a call, an event or a storage item, with its shape by range of spec
 * versions. The *decoders* choose a shape by checking it against the runtime's own metadata (`match.ts`), so that
 * an unexpected runtime is noticed; the ranges say which runtime should have which shape (tested against real
 * metadata) and let the devnet assemble a runtime of any spec.
 *
 * A boundary is the first spec known to have the shape; specs between two known ones are attributed to the older.
 */
export interface Version<T = unknown> {
  /** First spec version with this shape. */
  readonly from: number
  /** Last spec version with this shape; absent: still current. */
  readonly until?: number
  readonly shape: Shape<T>
  /** A development build that shares a spec number with mainnet but not the shape. */
  readonly branch?: Branch
  /** Variant index where the branch has another one. */
  readonly branchIndex?: number
}

/** `devnet-ready`: the pre-dTAO development runtime that still called itself spec 218. */
export type Branch = 'devnet-ready'

/** Variant index by the first spec that has it. */
export type Indices = Readonly<Record<number, number>>

export interface VariantItem<T = unknown> {
  readonly kind: 'call' | 'event'
  readonly pallet: PalletName
  /** As in metadata: snake_case calls, PascalCase events. */
  readonly name: string
  /** `Pallet.name`, as Subsquid names it. */
  readonly id: string
  readonly indices: Indices
  readonly versions: readonly Version<T>[]
  /** Public file in github.com/opentensor/subtensor (or polkadot-sdk) that declares it. */
  readonly source: string
}

export type Hasher = 'Identity' | 'Twox64Concat' | 'Blake2_128Concat'

export interface StorageItem<K extends readonly unknown[] = readonly unknown[], T = unknown> {
  readonly kind: 'storage'
  readonly pallet: PalletName
  readonly name: string
  readonly id: string
  readonly keys: readonly { readonly hasher: Hasher; readonly shape: Shape }[]
  readonly modifier: 'Optional' | 'Default'
  readonly versions: readonly Version<T>[]
  /** Value where nothing is stored, as hex, by the first spec that has it; absent: all zero. */
  readonly fallback: Readonly<Record<number, string>>
  readonly source: string
  /** Phantom: types of the keys. */
  readonly keyTypes?: K
}

export type AbiItem = VariantItem | StorageItem
export type ValueOf<I> = I extends { readonly versions: readonly Version<infer T>[] } ? T : never

/** Pallet indices; none ever moved (chain spec §1.3). */
export const palletIndex = {
  System: 0,
  Timestamp: 2,
  Balances: 5,
  TransactionPayment: 6,
  SubtensorModule: 7,
  Utility: 11,
  Sudo: 12,
  Multisig: 13,
  Proxy: 16,
  Commitments: 18,
  AdminUtils: 19,
  Drand: 26,
} as const

export type PalletName = keyof typeof palletIndex

/** First spec that the shapes are known for. */
export const FIRST_SPEC = 165
/** Last spec that the shapes were checked against. */
export const LAST_CHECKED_SPEC = 424

export const since = <T>(from: number, shape: Shape<T>): Version<T> => ({ from, shape })

/** Both ends included. */
export const between = <T>(from: number, until: number, shape: Shape<T>): Version<T> => ({
  from,
  until,
  shape,
})

export const onBranch = <T>(
  branch: Branch,
  spec: number,
  shape: Shape<T>,
  branchIndex?: number,
): Version<T> => ({
  from: spec,
  until: spec,
  shape,
  branch,
  ...(branchIndex === undefined ? {} : { branchIndex }),
})

type TypeOf<V extends readonly Version[]> = V[number] extends Version<infer T> ? T : never

function variant(kind: 'call' | 'event', source: string) {
  return <const V extends readonly Version[]>(
    pallet: PalletName,
    name: string,
    index: number | Indices,
    ...versions: V
  ): VariantItem<TypeOf<V>> => ({
    kind,
    pallet,
    name,
    id: `${pallet}.${name}`,
    indices: typeof index === 'number' ? { [FIRST_SPEC]: index } : index,
    versions: versions as unknown as Version<TypeOf<V>>[],
    source,
  })
}

/** Binds the public file that a group of items comes from. */
export const eventsOf = (source: string) => variant('event', source)
export const callsOf = (source: string) => variant('call', source)

export interface StorageKey<T = unknown> {
  readonly hasher: Hasher
  readonly shape: Shape<T>
}
export const identity = <T>(shape: Shape<T>): StorageKey<T> => ({ hasher: 'Identity', shape })
export const twox = <T>(shape: Shape<T>): StorageKey<T> => ({ hasher: 'Twox64Concat', shape })
export const blake = <T>(shape: Shape<T>): StorageKey<T> => ({ hasher: 'Blake2_128Concat', shape })

type KeyTypes<K extends readonly StorageKey[]> = {
  [I in keyof K]: K[I] extends StorageKey<infer T> ? T : never
}

export const storageOf =
  (source: string) =>
  <const K extends readonly StorageKey[], const V extends readonly Version[]>(
    pallet: PalletName,
    name: string,
    modifier: 'Optional' | 'Default',
    keys: K,
    versions: V,
    fallback: string | Readonly<Record<number, string>> = {},
  ): StorageItem<KeyTypes<K>, TypeOf<V>> => ({
    kind: 'storage',
    pallet,
    name,
    id: `${pallet}.${name}`,
    keys,
    modifier,
    versions: versions as unknown as Version<TypeOf<V>>[],
    fallback: typeof fallback === 'string' ? { [FIRST_SPEC]: fallback } : fallback,
    source,
  })

/** The value that holds at a spec version, of a record keyed by first spec. */
export function bySpec<T>(record: Readonly<Record<number, T>>, spec: number): T | undefined {
  let found: T | undefined
  for (const [from, value] of Object.entries(record)) {
    if (Number(from) <= spec) found = value
  }
  return found
}

/** Shape that a mainnet runtime of this spec has, or undefined when the item does not exist there. */
export function versionAt<T>(
  item: { readonly versions: readonly Version<T>[] },
  spec: number,
): Version<T> | undefined {
  return item.versions.find((v) => !v.branch && v.from <= spec && spec <= (v.until ?? Infinity))
}

export function indexAt(item: VariantItem, spec: number): number | undefined {
  return versionAt(item, spec) ? bySpec(item.indices, spec) : undefined
}

/** `revealRound` → `reveal_round`, the name as metadata has it. */
export const snakeCase = (name: string) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)

/**
 * Fields of a call or event as metadata lists them: a struct's are named (snake_case), a tuple's are positional,
 * the unit has none, anything else is one positional field.
 */
export function fieldsOf(shape: Shape): readonly { readonly name?: string; readonly shape: ScaleShape }[] {
  const { scale } = shape
  if (scale.kind === 'struct' && !scale.path) {
    return Object.entries(scale.fields).map(([name, of]) => ({ name: snakeCase(name), shape: of }))
  }
  if (scale.kind === 'tuple') return scale.of.map((of) => ({ shape: of }))
  return [{ shape: scale }]
}
