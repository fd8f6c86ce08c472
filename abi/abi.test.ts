import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Runtime } from '@subsquid/substrate-runtime'
import { describe, expect, it } from 'vitest'
import { items } from './index'
import { type AbiItem, bySpec, LAST_CHECKED_SPEC, palletIndex, type Version } from './item'
import { hasShape, versionIn } from './match'

const shared = process.env.SUBLEDGER_SHARED ?? path.resolve(__dirname, '../../shared')
const metadataDir = path.join(shared, 'chain/metadata')
const recordedMetadata = path.join(shared, 'chain/recordings/dev-218.metadata.hex.gz')
const present = existsSync(metadataDir)

function runtimeOf(specVersion: number, file: string): Runtime {
  const hex = gunzipSync(readFileSync(file)).toString().trim()
  return new Runtime({ specName: 'node-subtensor', specVersion, implName: '', implVersion: 0 }, hex)
}

const mainnet = !present
  ? []
  : readdirSync(metadataDir).map((f) => {
      const spec = Number(/(\d+)/.exec(f)![1])
      return [spec, runtimeOf(spec, path.join(metadataDir, f))] as const
    })

const inRange = (v: Version, spec: number) => v.from <= spec && spec <= (v.until ?? Infinity)

function variantIndex(runtime: Runtime, item: AbiItem): number | undefined {
  if (item.kind === 'storage') return undefined
  return (item.kind === 'call' ? runtime.calls : runtime.events).definitions[item.id]?.index
}

describe.skipIf(!present)(`shapes against real metadata (needs ${metadataDir})`, () => {
  it.each(mainnet)('spec %i has exactly the declared shapes', (spec, runtime) => {
    const wrong: string[] = []
    for (const item of items) {
      const declared = item.versions.filter((v) => !v.branch && inRange(v, spec))
      const matching = item.versions.filter((v) => !v.branch && hasShape(runtime, item, v))
      const exists = existsIn(runtime, item)
      if (declared.length > 1) wrong.push(`${item.id}: two ranges claim spec ${spec}`)
      if (exists !== declared.length > 0)
        wrong.push(`${item.id}: exists ${exists}, declared ${declared.length}`)
      if (declared[0] && !matching.includes(declared[0])) wrong.push(`${item.kind} ${item.id}: shape differs`)
    }
    expect(wrong).toEqual([])
  })

  it.each(mainnet)(
    'spec %i has the declared pallet and variant indices, hashers and defaults',
    (spec, runtime) => {
      const wrong: string[] = []
      for (const item of items) {
        if (!item.versions.some((v) => !v.branch && inRange(v, spec))) continue
        if (item.kind === 'storage') {
          const def = runtime.description.storage[item.pallet]!.items[item.name]!
          const hashers = item.keys.map((k) => k.hasher)
          if (`${def.hashers}` !== `${hashers}`) wrong.push(`${item.id}: hashers ${def.hashers}`)
          const fallback = bySpec(item.fallback, spec)
          const real = Buffer.from(def.fallback as Uint8Array).toString()
          if (fallback ? fallback !== real : !/^0x0*$/.test(real)) wrong.push(`${item.id}: default ${real}`)
        } else {
          const index = variantIndex(runtime, item)
          if (bySpec(item.indices, spec) !== index) wrong.push(`${item.id}: index ${index}`)
          const pallets = runtime.description.types[runtime.description[item.kind]] as {
            variants: { name: string; index: number }[]
          }
          const pallet = pallets.variants.find((p) => p.name === item.pallet)!
          if (pallet.index !== palletIndex[item.pallet]) wrong.push(`${item.id}: pallet ${pallet.index}`)
        }
      }
      expect(wrong).toEqual([])
    },
  )

  it('checks every item against at least one real runtime', () => {
    const specs = mainnet.map(([spec]) => spec)
    const unseen = items.flatMap((item) =>
      item.versions
        .filter((v) => !v.branch && !specs.some((spec) => inRange(v, spec)) && v.from <= LAST_CHECKED_SPEC)
        .map((v) => `${item.id} ${v.from}–${v.until}`),
    )
    // Shapes that lived between two stored metadata files: known from the version matrix only.
    expect(unseen).toEqual([
      'Commitments.set_commitment 257–272',
      'Commitments.CommitmentOf 257–272',
      'SubtensorModule.register_network_with_identity 224–233',
    ])
  })
})

describe.skipIf(!existsSync(recordedMetadata))(`the recorded runtime (needs ${recordedMetadata})`, () => {
  const runtime = present ? runtimeOf(218, recordedMetadata) : (undefined as never)

  it('is matched by a mainnet shape or by its own branch, with its own indices', () => {
    const wrong: string[] = []
    for (const item of items) {
      if (!existsIn(runtime, item)) continue
      const version = versionIn(runtime, item)
      if (!version) wrong.push(`${item.id}: no shape matches`)
      else if (version.branchIndex !== undefined && version.branchIndex !== variantIndex(runtime, item)) {
        wrong.push(`${item.id}: index ${variantIndex(runtime, item)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

function existsIn(runtime: Runtime, item: AbiItem): boolean {
  if (item.kind === 'event') return runtime.hasEvent(item.id)
  if (item.kind === 'call') return runtime.hasCall(item.id)
  return runtime.hasStorageItem(item.id)
}
