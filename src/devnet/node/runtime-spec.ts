import { Runtime } from '@subsquid/substrate-runtime'
import { assembleMetadata, runtimeVersion, SPEC_NAME } from '../metadata'
import { palletsOf } from '../metadata/pallets'
import { ItemCodec } from '../storage'

/** One spec version of the devnet's runtime: metadata, codecs, and what clients ask of it. */
export interface RuntimeSpec {
  readonly specVersion: number
  readonly metadata: string
  readonly runtime: Runtime
  readonly codec: ItemCodec
  /** `state_getRuntimeVersion` as JSON. */
  readonly versionJson: string
  /** Module errors by `Pallet.Error`. */
  readonly errors: ReadonlyMap<string, { readonly pallet: number; readonly index: number }>
}

const specs = new Map<number, RuntimeSpec>()

export function runtimeSpec(specVersion: number): RuntimeSpec {
  let spec = specs.get(specVersion)
  if (!spec) {
    const metadata = assembleMetadata(specVersion)
    const id = { specName: SPEC_NAME, specVersion, implName: SPEC_NAME, implVersion: 1 }
    const runtime = new Runtime(id, metadata)
    spec = {
      specVersion,
      metadata,
      runtime,
      codec: new ItemCodec(runtime),
      versionJson: JSON.stringify(runtimeVersion(specVersion)),
      errors: errorsOf(specVersion),
    }
    specs.set(specVersion, spec)
  }
  return spec
}

function errorsOf(specVersion: number) {
  return new Map(
    palletsOf(specVersion).flatMap((pallet) =>
      (pallet.errors ?? []).map(
        (error) => [`${pallet.name}.${error.name}`, { pallet: pallet.index, index: error.index }] as const,
      ),
    ),
  )
}
