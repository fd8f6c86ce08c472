import type { PalletSpec, StorageHasher, StorageItemSpec } from './pallet-spec'
import type { ScaleWriter } from './scale-writer'
import type { TypeRegistry } from './type-registry'
import { zeroValue } from './zero-value'

/** Order of the metadata's `StorageHasher` enum. */
const HASHER_INDEX: Record<StorageHasher, number> = { Blake2_128Concat: 2, Twox64Concat: 5, Identity: 6 }

/** Type ids of the pallets' enums by pallet name. */
export interface PalletTypes {
  readonly calls: ReadonlyMap<string, number>
  readonly events: ReadonlyMap<string, number>
  readonly errors: ReadonlyMap<string, number>
}

export function writePallets(
  writer: ScaleWriter,
  registry: TypeRegistry,
  pallets: readonly PalletSpec[],
  types: PalletTypes,
  version: 14 | 15,
): void {
  const writeId = (id: number) => writer.compact(id)
  writer.list(pallets, (pallet) => {
    writer.text(pallet.name)
    writer.option(pallet.storage?.length ? pallet.storage : undefined, (items) => {
      writer.text(pallet.name).list(items, (item) => writeStorageItem(writer, registry, item))
    })
    writer.option(types.calls.get(pallet.name), writeId)
    writer.option(types.events.get(pallet.name), writeId)
    writer.list(pallet.constants ?? [], (constant) => {
      writer.text(constant.name).compact(registry.of(constant.type)).bytes(constant.value).compact(0)
    })
    writer.option(types.errors.get(pallet.name), writeId)
    writer.u8(pallet.index)
    if (version === 15) writer.compact(0)
  })
}

function writeStorageItem(writer: ScaleWriter, registry: TypeRegistry, item: StorageItemSpec): void {
  writer.text(item.name).u8(item.modifier === 'Optional' ? 0 : 1)
  const value = registry.of(item.value)
  if (item.keys.length === 0) writer.u8(0).compact(value)
  else {
    const key = registry.of(item.keys.length === 1 ? item.keys[0]! : { kind: 'tuple', of: item.keys })
    writer.u8(1).list(item.hashers, (hasher) => writer.u8(HASHER_INDEX[hasher]))
    writer.compact(key).compact(value)
  }
  const fallback = item.modifier === 'Optional' ? '0x00' : (item.fallback ?? `0x${zeroValue(item.value)}`)
  writer.bytes(fallback).compact(0)
}
