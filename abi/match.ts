import type { Runtime } from '@subsquid/substrate-runtime'
import type { StorageItem, VariantItem, Version } from './item'

type Item<T> = { readonly id: string; readonly versions: readonly Version<T>[] } & (
  | { readonly kind: 'call' | 'event' }
  | { readonly kind: 'storage' }
)

const cache = new WeakMap<Runtime, Map<object, Version<unknown> | undefined>>()

/**
 * The version of an item whose shape the runtime's own metadata has, or undefined when it has none of them (then
 * whatever carries it is `Undecoded`). Ranges are not consulted: a shape is what it is, whenever it was released.
 */
export function versionIn<T>(runtime: Runtime, item: Item<T>): Version<T> | undefined {
  let known = cache.get(runtime)
  if (!known) {
    known = new Map()
    cache.set(runtime, known)
  }
  if (!known.has(item)) {
    known.set(
      item,
      item.versions.find((v) => hasShape(runtime, item, v)),
    )
  }
  return known.get(item) as Version<T> | undefined
}

export function hasShape(runtime: Runtime, item: Item<unknown>, version: Version): boolean {
  if (item.kind === 'event') return runtime.checkEventType(item.id, version.shape.sts)
  if (item.kind === 'call') return runtime.checkCallType(item.id, version.shape.sts)
  const { modifier, keys } = item as StorageItem
  return runtime.checkStorageType(
    item.id,
    modifier,
    keys.map((k) => k.shape.sts),
    version.shape.sts,
  )
}

/** Arguments as typed by the matching version, or undefined when no version matches. */
export function decodeAs<T>(runtime: Runtime, item: VariantItem<T>, args: unknown): T | undefined {
  return versionIn(runtime, item) ? (args as T) : undefined
}
