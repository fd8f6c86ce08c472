/** Whatever the present spec's shape of the item decodes to; the pallet that reads it knows. */
// biome-ignore lint/suspicious/noExplicitAny: the type depends on the item's name and the spec
export type Decoded = any

/** A key's parts, as Subsquid decodes them: numbers, bigints, `0x` hex, variants; `[]` for a plain item. */
export type StorageKeys = readonly unknown[]

/**
 * The state that a pallet reads and writes, by item name (`SubtensorModule.Uids`) and decoded values.
 * Values and keys are Subsquid's: integers up to 32 bits as `number`, wider as `bigint`, bytes as hex,
 * variants as `{__kind, value?}`. Below lies the raw key → SCALE value map that clients query.
 * Values handed out are frozen copies in spirit: put a new value to change one.
 */
export interface Storage {
  /** The stored value, else the item's default, else (an `Optional` item) undefined. */
  get<T = Decoded>(item: string, ...keys: unknown[]): T
  has(item: string, ...keys: unknown[]): boolean
  put(item: string, keys: StorageKeys, value: unknown): void
  /** `put(item, keys, change(get(item, ...keys)))` */
  mutate<T = Decoded>(item: string, keys: StorageKeys, change: (value: T) => T): void
  remove(item: string, ...keys: unknown[]): void
  /** Every entry whose first keys are these, in raw key order (the order of a node's `state_getKeys`). */
  entries<K extends StorageKeys = Decoded[], T = Decoded>(
    item: string,
    ...keys: unknown[]
  ): [keys: K, value: T][]
  keys<K extends StorageKeys = Decoded[]>(item: string, ...keys: unknown[]): K[]
  /** Removes all entries whose first keys are these; how many there were. */
  removePrefix(item: string, ...keys: unknown[]): number
  /** False when the present spec has no such item: pallets then leave it alone. */
  knows(item: string): boolean
  /** Runs in a layer of its own that is undone when `run` throws. Layers nest. */
  transaction<T>(run: () => T): T
}
