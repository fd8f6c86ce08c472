import { items as abiItems } from '../../../abi'
import { type AbiItem, bySpec, fieldsOf, indexAt, palletIndex, versionAt } from '../../../abi/item'
import type { ScaleVariant } from '../../../abi/shape'
import type { PalletSpec, StorageItemSpec } from './pallet-spec'

/** The pallets as `abi/` knows them at a spec version: only what is read, at its real indices. */
export function abiPallets(specVersion: number, items: readonly AbiItem[] = abiItems): PalletSpec[] {
  return Object.entries(palletIndex).map(([name, index]) => {
    const own = items.filter((it) => it.pallet === name)
    return {
      name,
      index,
      calls: variantsOf(own, 'call', specVersion),
      events: variantsOf(own, 'event', specVersion),
      storage: own.flatMap((it) => storageOf(it, specVersion) ?? []),
    }
  })
}

function variantsOf(items: readonly AbiItem[], kind: 'call' | 'event', specVersion: number): ScaleVariant[] {
  return items.flatMap((item) => {
    if (item.kind !== kind) return []
    const index = indexAt(item, specVersion)
    const version = versionAt(item, specVersion)
    return index === undefined || !version
      ? []
      : [{ name: item.name, index, fields: fieldsOf(version.shape) }]
  })
}

function storageOf(item: AbiItem, specVersion: number): StorageItemSpec | undefined {
  const version = versionAt(item, specVersion)
  if (item.kind !== 'storage' || !version) return undefined
  const fallback = bySpec(item.fallback, specVersion)
  return {
    name: item.name,
    modifier: item.modifier,
    hashers: item.keys.map((key) => key.hasher),
    keys: item.keys.map((key) => key.shape.scale),
    value: version.shape.scale,
    ...(fallback === undefined ? {} : { fallback }),
  }
}
