import { u8aToHex } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import { fixedBytes, type ScaleShape, sequence, struct, tuple, u8, u32 } from '../../../abi/shape'
import { ScaleWriter } from './scale-writer'

export const SPEC_NAME = 'node-subtensor'
/** Signed with every transaction; it never changed on Subtensor. */
export const TRANSACTION_VERSION = 1

/** Runtime APIs that `state_call` serves, with the version of each; an id is blake2_64 of the name. */
const RUNTIME_APIS: readonly (readonly [name: string, version: number])[] = [
  ['Core', 5],
  ['Metadata', 2],
  ['BlockBuilder', 6],
  ['AuraApi', 1],
  ['AccountNonceApi', 1],
  ['TransactionPaymentApi', 4],
]

const apis = RUNTIME_APIS.map(([name, version]) => [blake2AsHex(name, 64), version] as const)

export interface RuntimeVersion {
  readonly specName: string
  readonly implName: string
  readonly authoringVersion: number
  readonly specVersion: number
  readonly implVersion: number
  readonly apis: readonly (readonly [string, number])[]
  readonly transactionVersion: number
  readonly systemVersion: number
  /** Older name of `systemVersion`, which older clients read. */
  readonly stateVersion: number
}

export function runtimeVersion(specVersion: number): RuntimeVersion {
  return {
    specName: SPEC_NAME,
    implName: SPEC_NAME,
    authoringVersion: 1,
    specVersion,
    implVersion: 1,
    apis,
    transactionVersion: TRANSACTION_VERSION,
    systemVersion: 1,
    stateVersion: 1,
  }
}

export const runtimeVersionShape: ScaleShape = struct(
  {
    specName: { sts: undefined as never, scale: { kind: 'primitive', primitive: 'Str' } },
    implName: { sts: undefined as never, scale: { kind: 'primitive', primitive: 'Str' } },
    authoringVersion: u32,
    specVersion: u32,
    implVersion: u32,
    apis: sequence(tuple(fixedBytes(8), u32)),
    transactionVersion: u32,
    systemVersion: u8,
  },
  ['sp_version', 'RuntimeVersion'],
).scale

/** SCALE bytes of `sp_version::RuntimeVersion`. */
export function encodeRuntimeVersion(specVersion: number): string {
  const version = runtimeVersion(specVersion)
  const writer = new ScaleWriter()
    .text(version.specName)
    .text(version.implName)
    .u32(version.authoringVersion)
    .u32(version.specVersion)
    .u32(version.implVersion)
  writer.list(version.apis, ([id, number]) => {
    writer.hex(id).u32(number)
  })
  return u8aToHex(writer.u32(version.transactionVersion).u8(version.systemVersion).finish())
}
