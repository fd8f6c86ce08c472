import { u8aToHex } from '@polkadot/util'
import { extensionType, signedExtensions } from './extensions'
import type { PalletSpec, StorageHasher, StorageItemSpec } from './pallet-spec'
import { palletsOf } from './pallets'
import { dispatchErrorVariants, dispatchInfoFields, multiAddress, multiSignature } from './runtime-types'
import { ScaleWriter } from './scale-writer'
import { TypeRegistry } from './type-registry'
import { zeroValue } from './zero-value'

/** `meta` and the version byte. */
const MAGIC = '0x6d657461'
const METADATA_VERSION = 14
const EXTRINSIC_VERSION = 4
/** Order of the metadata's `StorageHasher` enum. */
const HASHER_INDEX: Record<StorageHasher, number> = { Blake2_128Concat: 2, Twox64Concat: 5, Identity: 6 }

const assembled = new Map<number, string>()

/**
 * V14 metadata of the devnet's runtime at a spec version, SCALE-encoded, as `0x` hex. The same bytes at every call.
 * Calls, events, storage and errors carry their real names, types and indices; what the project does not read is
 * absent, so that an index without a variant is refused by every decoder.
 */
export function assembleMetadata(specVersion: number): string {
  let hex = assembled.get(specVersion)
  if (hex === undefined) {
    hex = u8aToHex(encodeMetadata(palletsOf(specVersion)))
    assembled.set(specVersion, hex)
  }
  return hex
}

interface OuterType {
  readonly name: string
  readonly index: number
  readonly type: number
}

export function encodeMetadata(pallets: readonly PalletSpec[]): Uint8Array {
  const registry = new TypeRegistry()
  const callType = registry.reserve('RuntimeCall')
  const eventType = registry.reserve('RuntimeEvent')
  defineDispatchTypes(registry)
  const calls = palletEnums(registry, pallets, 'calls', 'Call')
  const events = palletEnums(registry, pallets, 'events', 'Event')
  const errors = palletEnums(registry, pallets, 'errors', 'Error')
  defineOuterEnum(registry, callType, 'RuntimeCall', calls)
  defineOuterEnum(registry, eventType, 'RuntimeEvent', events)
  const typeOf = (outer: readonly OuterType[], pallet: PalletSpec) =>
    outer.find((it) => it.index === pallet.index)?.type

  const body = new ScaleWriter()
  body.list(pallets, (pallet) => {
    body.text(pallet.name)
    body.option(pallet.storage?.length ? pallet.storage : undefined, (items) => {
      body.text(pallet.name).list(items, (item) => writeStorageItem(body, registry, item))
    })
    body.option(typeOf(calls, pallet), (id) => body.compact(id))
    body.option(typeOf(events, pallet), (id) => body.compact(id))
    body.list(pallet.constants ?? [], (constant) => {
      body.text(constant.name).compact(registry.of(constant.type)).bytes(constant.value).compact(0)
    })
    body.option(typeOf(errors, pallet), (id) => body.compact(id))
    body.u8(pallet.index)
  })
  writeExtrinsic(body, registry, callType)
  body.compact(registry.add({ kind: 'composite', fields: [] }, ['node_subtensor_runtime', 'Runtime']))

  const metadata = new ScaleWriter().hex(MAGIC).u8(METADATA_VERSION)
  registry.write(metadata)
  return metadata.raw(body.finish()).finish()
}

function defineDispatchTypes(registry: TypeRegistry): void {
  const error = registry.reserve('DispatchError')
  const info = registry.reserve('DispatchInfo')
  const fields = Object.entries(dispatchInfoFields).map(([name, shape]) => ({ name, shape }))
  registry.defineVariants(error, ['sp_runtime', 'DispatchError'], dispatchErrorVariants)
  registry.defineStruct(info, ['frame_support', 'dispatch', 'DispatchInfo'], fields)
}

/** The crate that a pallet's types come from, as type paths name it. */
function crateOf(pallet: string): string {
  if (pallet === 'System') return 'frame_system'
  if (pallet === 'SubtensorModule') return 'pallet_subtensor'
  return `pallet_${pallet.replace(/(?<=.)[A-Z]/g, (c) => `_${c}`).toLowerCase()}`
}

function palletEnums(
  registry: TypeRegistry,
  pallets: readonly PalletSpec[],
  part: 'calls' | 'events' | 'errors',
  typeName: string,
): OuterType[] {
  return pallets.flatMap((pallet) => {
    const variants = pallet[part]
    if (!variants?.length) return []
    const type = registry.variants(variants, [crateOf(pallet.name), 'pallet', typeName], [{ name: 'T' }])
    return [{ name: pallet.name, index: pallet.index, type }]
  })
}

function defineOuterEnum(registry: TypeRegistry, id: number, name: string, members: readonly OuterType[]) {
  registry.define(id, {
    path: ['node_subtensor_runtime', name],
    params: [],
    def: {
      kind: 'variant',
      variants: members.map((it) => ({ name: it.name, index: it.index, fields: [{ type: it.type }] })),
    },
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

function writeExtrinsic(writer: ScaleWriter, registry: TypeRegistry, callType: number): void {
  const extensions = signedExtensions.map((it) => ({
    identifier: it.identifier,
    type: extensionType(registry, it),
    additional: registry.of(it.additional ?? { kind: 'tuple', of: [] }),
  }))
  const extra = registry.add({ kind: 'tuple', types: extensions.map((it) => it.type) })
  const type = registry.add(
    { kind: 'composite', fields: [{ type: registry.of({ kind: 'bytes' }) }] },
    ['sp_runtime', 'generic', 'unchecked_extrinsic', 'UncheckedExtrinsic'],
    [
      { name: 'Address', type: registry.of(multiAddress) },
      { name: 'Call', type: callType },
      { name: 'Signature', type: registry.of(multiSignature) },
      { name: 'Extra', type: extra },
    ],
  )
  writer.compact(type).u8(EXTRINSIC_VERSION)
  writer.list(extensions, (it) => {
    writer.text(it.identifier).compact(it.type).compact(it.additional)
  })
}
