import { Metadata, TypeRegistry } from '@polkadot/types'
import { Runtime } from '@subsquid/substrate-runtime'
import { describe, expect, it } from 'vitest'
import { items as abiItems } from '../../../abi'
import { type AbiItem, versionAt } from '../../../abi/item'
import { assembleMetadata } from './assemble'
import { palletsOf } from './pallets'
import { SPEC_NAME } from './runtime-version'

const SPECS = [165, 218, 240, 257, 273, 320, 365, 393, 424]

const runtimeOf = (specVersion: number) =>
  new Runtime(
    { specName: SPEC_NAME, specVersion, implName: SPEC_NAME, implVersion: 1 },
    assembleMetadata(specVersion),
  )

function matchesShape(
  runtime: Runtime,
  item: AbiItem,
  type: Parameters<Runtime['checkCallType']>[1],
): boolean {
  if (item.kind !== 'storage') {
    return item.kind === 'call' ? runtime.checkCallType(item.id, type) : runtime.checkEventType(item.id, type)
  }
  const keys = item.keys.map((key) => key.shape.sts)
  return runtime.checkStorageType(item.id, item.modifier, keys, type)
}

describe.each(SPECS)('metadata assembled for spec %i', (specVersion) => {
  it('is V14 and says the spec version', () => {
    expect(assembleMetadata(specVersion).slice(0, 12)).toBe('0x6d6574610e')
    expect(runtimeOf(specVersion).getConstant('System.Version')).toMatchObject({
      specVersion,
      specName: SPEC_NAME,
    })
  })

  it('is taken by Subsquid with every call, event and storage item of abi/ in its stated shape', () => {
    const runtime = runtimeOf(specVersion)
    for (const item of abiItems) {
      const version = versionAt(item, specVersion)
      if (!version) continue
      const matches = matchesShape(runtime, item, version.shape.sts)
      expect({ id: item.id, matches }).toEqual({ id: item.id, matches: true })
    }
  })

  it('is taken as V15 by @polkadot/api types, with the runtime API', () => {
    const registry = new TypeRegistry()
    const metadata = new Metadata(registry, assembleMetadata(specVersion, 15) as `0x${string}`)
    registry.setMetadata(metadata)
    expect(metadata.version).toBe(15)
    const apis = metadata.asV15.apis.map((it) => it.name.toString())
    expect(apis).toEqual([
      ...['Core', 'Metadata', 'AuraApi', 'AccountNonceApi', 'TransactionPaymentApi'],
      ...['NeuronInfoRuntimeApi', 'SubnetInfoRuntimeApi', 'StakeInfoRuntimeApi'],
      ...['SubnetRegistrationRuntimeApi', 'SwapRuntimeApi'],
    ])
    expect(metadata.asV15.pallets.map((it) => it.name.toString())).toEqual(
      palletsOf(specVersion).map((it) => it.name),
    )
  })

  it('is taken by @polkadot/api types with the same pallets, calls and events', () => {
    const registry = new TypeRegistry()
    const metadata = new Metadata(registry, assembleMetadata(specVersion) as `0x${string}`)
    registry.setMetadata(metadata)
    const names = metadata.asLatest.pallets.map((it) => `${it.index.toNumber()} ${it.name.toString()}`)
    expect(names).toEqual(palletsOf(specVersion).map((it) => `${it.index} ${it.name}`))
    expect(registry.createType('Address').toRawType()).toContain('AccountId')
    const call = registry.createType('Call', { callIndex: [0, 0], args: { remark: '0x01' } })
    expect(call.toHex()).toBe('0x00000401')
  })

  it('gives every variant of one pallet an index of its own', () => {
    for (const pallet of palletsOf(specVersion)) {
      for (const variants of [pallet.calls, pallet.events, pallet.errors]) {
        const indices = (variants ?? []).map((it) => it.index)
        expect(new Set(indices).size).toBe(indices.length)
      }
    }
  })
})

it('is the same at every call, and another for another spec', () => {
  expect(assembleMetadata(424)).toBe(assembleMetadata(424))
  expect(assembleMetadata(424)).not.toBe(assembleMetadata(218))
})
