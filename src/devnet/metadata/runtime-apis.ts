import { accountId, bytes, type ScaleShape, sequence, u32, u64 } from '../../../abi/shape'
import { infoApis } from '../runtime-info/apis'
import { dispatchInfoFields, weight } from './runtime-types'
import { runtimeVersionShape } from './runtime-version'
import type { ScaleWriter } from './scale-writer'
import type { TypeRegistry } from './type-registry'

interface RuntimeMethod {
  readonly name: string
  readonly inputs: readonly { readonly name: string; readonly shape: ScaleShape }[]
  readonly output: ScaleShape
}

const opaqueMetadata: ScaleShape = {
  kind: 'struct',
  path: ['sp_core', 'OpaqueMetadata'],
  fields: { bytes: bytes.scale },
}

const feeInfo: ScaleShape = {
  kind: 'struct',
  path: ['pallet_transaction_payment', 'types', 'RuntimeDispatchInfo'],
  fields: { weight: weight.scale, class: dispatchInfoFields.class!, partialFee: u64.scale },
}

/** What `state_call` answers, as V15 metadata describes it. An extrinsic is passed as its own bytes. */
const APIS: Readonly<Record<string, readonly RuntimeMethod[]>> = {
  Core: [{ name: 'version', inputs: [], output: runtimeVersionShape }],
  Metadata: [
    { name: 'metadata', inputs: [], output: opaqueMetadata },
    {
      name: 'metadata_at_version',
      inputs: [{ name: 'version', shape: u32.scale }],
      output: { kind: 'option', of: opaqueMetadata },
    },
    { name: 'metadata_versions', inputs: [], output: sequence(u32).scale },
  ],
  AuraApi: [{ name: 'slot_duration', inputs: [], output: u64.scale }],
  AccountNonceApi: [
    { name: 'account_nonce', inputs: [{ name: 'account', shape: accountId.scale }], output: u32.scale },
  ],
  TransactionPaymentApi: [
    {
      name: 'query_info',
      inputs: [
        { name: 'uxt', shape: bytes.scale },
        { name: 'len', shape: u32.scale },
      ],
      output: feeInfo,
    },
  ],
}

const infos = Object.entries(infoApis).map(([api, methods]): [string, RuntimeMethod[]] => [
  api,
  Object.entries(methods).map(([name, { inputs, output }]) => ({ name, inputs, output })),
])

export function writeRuntimeApis(writer: ScaleWriter, registry: TypeRegistry): void {
  writer.list([...Object.entries(APIS), ...infos], ([name, methods]) => {
    writer.text(name).list(methods, (method) => {
      writer.text(method.name).list(method.inputs, (input) => {
        writer.text(input.name).compact(registry.of(input.shape))
      })
      writer.compact(registry.of(method.output)).compact(0)
    })
    writer.compact(0)
  })
}
