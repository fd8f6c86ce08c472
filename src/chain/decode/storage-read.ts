import type { StorageItem } from '../../../abi/item'

export interface StorageQuery {
  readonly item: StorageItem
  /** One entry a value: the keys of that value (none for a plain item). */
  readonly keys: readonly (readonly unknown[])[]
}

/** Storage that a decoder needs, as data; the runner reads it in one request and hands back the values. */
export interface StorageRead {
  readonly queries: readonly StorageQuery[]
  /** State after this block, or after its parent. */
  readonly at: 'block' | 'parent'
}

/**
 * For each query its values in the order of the keys, undefined where nothing is stored (also where the item has a
 * default); null when the runtime has no such item, or none of a known shape.
 * `unavailable`: whoever serves the block has no state for it (a recording).
 */
export type StorageResult = readonly (readonly unknown[] | null)[] | 'unavailable'

export type Reading<T> = Generator<StorageRead, T, StorageResult>

type ItemValue<I> = I extends { readonly versions: readonly { readonly shape: { readonly sts: infer S } }[] }
  ? S extends { match: unknown }
    ? I extends StorageItem<infer _K, infer T>
      ? T
      : never
    : never
  : never

type Values<Q extends readonly StorageQuery[]> = {
  -readonly [I in keyof Q]: readonly (ItemValue<Q[I]['item']> | undefined)[] | null
}

/** @returns values by query, or undefined when the state is not to be had */
export function* readAll<const Q extends readonly StorageQuery[]>(
  queries: Q,
  at: 'block' | 'parent' = 'block',
): Reading<Values<Q> | undefined> {
  if (queries.every((q) => q.keys.length === 0)) return queries.map(() => []) as unknown as Values<Q>
  const result = yield { queries, at }
  return result === 'unavailable' ? undefined : (result as unknown as Values<Q>)
}

/** One value, undefined when nothing is stored, nothing is known, or the item does not exist. */
export function* readOne<T>(
  item: StorageItem<readonly never[], T> | StorageItem<readonly unknown[], T>,
  keys: readonly unknown[],
  at: 'block' | 'parent' = 'block',
): Reading<T | undefined> {
  const result = yield { queries: [{ item: item as StorageItem, keys: [keys] }], at }
  return result === 'unavailable' ? undefined : (result[0]?.[0] as T | undefined)
}
