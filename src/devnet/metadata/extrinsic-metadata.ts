import { extensionType, signedExtensions } from './extensions'
import { multiAddress, multiSignature } from './runtime-types'
import type { ScaleWriter } from './scale-writer'
import type { TypeRegistry } from './type-registry'

const EXTRINSIC_VERSION = 4

/** The extrinsic as one type, from whose parameters a client finds address, call and signature. */
export function writeExtrinsicV14(writer: ScaleWriter, registry: TypeRegistry, callType: number): void {
  writer.compact(uncheckedExtrinsic(registry, callType)).u8(EXTRINSIC_VERSION)
  writeExtensions(writer, registry)
}

/** The same, with the four types listed. */
export function writeExtrinsicV15(writer: ScaleWriter, registry: TypeRegistry, callType: number): void {
  uncheckedExtrinsic(registry, callType)
  writer.u8(EXTRINSIC_VERSION)
  writer.compact(registry.of(multiAddress)).compact(callType)
  writer.compact(registry.of(multiSignature)).compact(extraType(registry))
  writeExtensions(writer, registry)
}

export function uncheckedExtrinsic(registry: TypeRegistry, callType: number): number {
  return registry.add(
    { kind: 'composite', fields: [{ type: registry.of({ kind: 'bytes' }) }] },
    ['sp_runtime', 'generic', 'unchecked_extrinsic', 'UncheckedExtrinsic'],
    [
      { name: 'Address', type: registry.of(multiAddress) },
      { name: 'Call', type: callType },
      { name: 'Signature', type: registry.of(multiSignature) },
      { name: 'Extra', type: extraType(registry) },
    ],
  )
}

function extraType(registry: TypeRegistry): number {
  return registry.add({ kind: 'tuple', types: signedExtensions.map((it) => extensionType(registry, it)) })
}

function writeExtensions(writer: ScaleWriter, registry: TypeRegistry): void {
  writer.list(signedExtensions, (it) => {
    const additional = registry.of(it.additional ?? { kind: 'tuple', of: [] })
    writer.text(it.identifier).compact(extensionType(registry, it)).compact(additional)
  })
}
