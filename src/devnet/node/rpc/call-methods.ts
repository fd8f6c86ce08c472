import { hexToU8a, u8aToHex } from '@polkadot/util'
import { RpcError } from '../../../rpc/rpc-error'
import { assembleMetadata, METADATA_VERSIONS } from '../../metadata'
import { SLOT_MS } from '../../metadata/frame-pallets'
import { encodeRuntimeVersion } from '../../metadata/runtime-version'
import { encodeScale } from '../../metadata/scale-encode'
import { ScaleWriter } from '../../metadata/scale-writer'
import { type InfoMethod, infoApis } from '../../runtime-info/apis'
import { decodeInputs } from '../../runtime-info/inputs'
import { RuntimeStorage } from '../../storage'
import type { Block } from '../block'
import { BlockLayers } from '../block-layers'
import { type AccountInfo, inclusionFeeRao } from '../fees'
import { runtimeSpec } from '../runtime-spec'
import { hexBytes, type Methods, type RpcContext, stateAt, text } from './method'

const EXECUTION_FAILED = 4003

type RuntimeApi = (input: Uint8Array, block: Block) => string

/** `state_call`: the runtime's own API, SCALE in and out. */
export function callMethods(context: RpcContext): Methods {
  const apis = runtimeApis(context)
  const call: Methods[string] = ([name, input, at]) => {
    const method = text(name, 'method')
    const api = apis[method] ?? infoApi(context, method)
    if (!api) {
      throw new RpcError(
        EXECUTION_FAILED,
        `Client error: Execution failed: Exported method ${method} is not found`,
      )
    }
    return api(hexToU8a(inputBytes(input)), stateAt(context, at))
  }
  return { state_call: call, state_callAt: call }
}

/** One of those that tell about subnets, neurons and stake. */
function infoApi({ node }: RpcContext, method: string): RuntimeApi | undefined {
  const at = method.indexOf('_')
  const found = infoApis[method.slice(0, at)]?.[method.slice(at + 1)]
  if (!found) return undefined
  return (input, block) => {
    const { codec } = runtimeSpec(block.nextSpecVersion)
    const storage = new RuntimeStorage(codec, new BlockLayers(node.chain, block))
    const args = argumentsOf(found, input)
    return u8aToHex(encodeScale(found.output, found.answer({ storage, height: block.height }, ...args)))
  }
}

function argumentsOf({ inputs }: InfoMethod, input: Uint8Array): unknown[] {
  const shapes = inputs.map(({ shape }) => shape)
  try {
    return decodeInputs(shapes, input)
  } catch (error) {
    throw new RpcError(EXECUTION_FAILED, `Client error: Execution failed: ${(error as Error).message}`)
  }
}

/** Some clients leave `0x` away here, and nodes let them. */
function inputBytes(input: unknown): string {
  const given = text(input ?? '', 'data')
  return hexBytes(given.startsWith('0x') ? given : `0x${given}`, 'data')
}

function runtimeApis(context: RpcContext): Readonly<Record<string, RuntimeApi>> {
  const metadataOf = (block: Block) => runtimeSpec(block.nextSpecVersion).metadata
  return {
    Core_version: (_, block) => encodeRuntimeVersion(block.nextSpecVersion),
    Metadata_metadata: (_, block) => hexOf(new ScaleWriter().bytes(metadataOf(block))),
    Metadata_metadata_versions: () => {
      const writer = new ScaleWriter()
      return hexOf(writer.list(METADATA_VERSIONS, (version) => writer.u32(version)))
    },
    Metadata_metadata_at_version: (input, block) => {
      const asked = Buffer.from(input).readUInt32LE()
      const version = METADATA_VERSIONS.find((it) => it === asked)
      const writer = new ScaleWriter()
      writer.option(version, (it) => writer.bytes(assembleMetadata(block.nextSpecVersion, it)))
      return hexOf(writer)
    },
    AuraApi_slot_duration: () => hexOf(new ScaleWriter().u64(BigInt(SLOT_MS))),
    AccountNonceApi_account_nonce: (input, block) => {
      const { codec } = runtimeSpec(block.nextSpecVersion)
      const raw = context.node.chain.storageAt(block, codec.key('System.Account', [u8aToHex(input)]))
      const { nonce } = codec.decodeValue('System.Account', raw) as AccountInfo
      return hexOf(new ScaleWriter().u32(nonce))
    },
    TransactionPaymentApi_query_info: (input) =>
      // The extrinsic, then its length as u32; weight 0, class Normal, fee as u64 balance.
      hexOf(
        new ScaleWriter()
          .compact(0)
          .compact(0)
          .u8(0)
          .u64(inclusionFeeRao(input.length - 4)),
      ),
    TransactionPaymentApi_query_fee_details: (input) => {
      const base = inclusionFeeRao(0)
      const writer = new ScaleWriter().u8(1).u64(base)
      return hexOf(
        writer
          .u64(inclusionFeeRao(input.length - 4) - base)
          .u64(0n)
          .u64(0n),
      )
    },
  }
}

const hexOf = (writer: ScaleWriter): string => u8aToHex(writer.finish())
