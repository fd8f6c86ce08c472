import { u8aToHex } from '@polkadot/util'
import { writeExtrinsicV14, writeExtrinsicV15 } from './extrinsic-metadata'
import { type PalletTypes, writePallets } from './pallet-metadata'
import type { PalletSpec } from './pallet-spec'
import { palletsOf } from './pallets'
import { writeRuntimeApis } from './runtime-apis'
import { dispatchErrorVariants, dispatchInfoFields } from './runtime-types'
import { ScaleWriter } from './scale-writer'
import { TypeRegistry } from './type-registry'

/** `meta`, before the version byte. */
const MAGIC = '0x6d657461'

/** 14 is what `state_getMetadata` serves; 15 adds the runtime's own API, which newer clients ask for. */
export type MetadataVersion = 14 | 15
export const METADATA_VERSIONS: readonly MetadataVersion[] = [14, 15]

const assembled = new Map<string, string>()

/**
 * Metadata of the devnet's runtime at a spec version, SCALE-encoded, as `0x` hex. The same bytes at every call.
 * Calls, events, storage and errors carry their real names, types and indices; what the project does not read is
 * absent, so that an index without a variant is refused by every decoder.
 */
export function assembleMetadata(specVersion: number, version: MetadataVersion = 14): string {
  const key = `${specVersion}/${version}`
  let hex = assembled.get(key)
  if (hex === undefined) {
    hex = u8aToHex(encodeMetadata(palletsOf(specVersion), version))
    assembled.set(key, hex)
  }
  return hex
}

export function encodeMetadata(pallets: readonly PalletSpec[], version: MetadataVersion): Uint8Array {
  const registry = new TypeRegistry()
  const callType = registry.reserve('RuntimeCall')
  const eventType = registry.reserve('RuntimeEvent')
  defineDispatchTypes(registry)
  const types: PalletTypes = {
    calls: palletEnums(registry, pallets, 'calls', 'Call'),
    events: palletEnums(registry, pallets, 'events', 'Event'),
    errors: palletEnums(registry, pallets, 'errors', 'Error'),
  }
  registry.define(callType, outerEnum('RuntimeCall', types.calls, pallets))
  registry.define(eventType, outerEnum('RuntimeEvent', types.events, pallets))
  const errorEnum = outerEnum('RuntimeError', types.errors, pallets)
  const errorType = registry.add(errorEnum.def, errorEnum.path)
  const runtime = registry.add({ kind: 'composite', fields: [] }, ['node_subtensor_runtime', 'Runtime'])

  const body = new ScaleWriter()
  writePallets(body, registry, pallets, types, version)
  if (version === 14) {
    writeExtrinsicV14(body, registry, callType)
    body.compact(runtime)
  } else {
    writeExtrinsicV15(body, registry, callType)
    body.compact(runtime)
    writeRuntimeApis(body, registry)
    body.compact(callType).compact(eventType).compact(errorType)
    body.compact(0)
  }
  const metadata = new ScaleWriter().hex(MAGIC).u8(version)
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

/** Type id of each pallet's own enum; pallets without one are absent. */
function palletEnums(
  registry: TypeRegistry,
  pallets: readonly PalletSpec[],
  part: 'calls' | 'events' | 'errors',
  typeName: string,
): ReadonlyMap<string, number> {
  const ids = new Map<string, number>()
  for (const pallet of pallets) {
    const variants = pallet[part]
    if (!variants?.length) continue
    const path = [crateOf(pallet.name), 'pallet', typeName]
    ids.set(pallet.name, registry.variants(variants, path, [{ name: 'T' }]))
  }
  return ids
}

function outerEnum(name: string, members: ReadonlyMap<string, number>, pallets: readonly PalletSpec[]) {
  const variants = pallets.flatMap((pallet) => {
    const type = members.get(pallet.name)
    return type === undefined ? [] : [{ name: pallet.name, index: pallet.index, fields: [{ type }] }]
  })
  return { path: ['node_subtensor_runtime', name], params: [], def: { kind: 'variant', variants } as const }
}
