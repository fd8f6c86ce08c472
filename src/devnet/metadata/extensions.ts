import { compact, fixedBytes, h256, option, type ScaleShape, u32, u64 } from '../../../abi/shape'
import { era, unitVariants } from './runtime-types'
import type { TypeRegistry } from './type-registry'

export interface SignedExtension {
  readonly identifier: string
  readonly path: readonly string[]
  /** In the extrinsic. */
  readonly value?: ScaleShape
  /** In the signed payload only. */
  readonly additional?: ScaleShape
}

const inSystem = (name: string, module: string) => ['frame_system', 'extensions', module, name]

/**
 * Signed extensions in Subtensor's order. Subtensor's own ones (`SubtensorTransactionExtension`, …) carry no bytes;
 * they are left out since clients would warn of each. See `frame_system::extensions` in polkadot-sdk.
 */
export const signedExtensions: readonly SignedExtension[] = [
  {
    identifier: 'CheckNonZeroSender',
    path: inSystem('CheckNonZeroSender', 'check_non_zero_sender'),
  },
  {
    identifier: 'CheckSpecVersion',
    path: inSystem('CheckSpecVersion', 'check_spec_version'),
    additional: u32.scale,
  },
  {
    identifier: 'CheckTxVersion',
    path: inSystem('CheckTxVersion', 'check_tx_version'),
    additional: u32.scale,
  },
  { identifier: 'CheckGenesis', path: inSystem('CheckGenesis', 'check_genesis'), additional: h256.scale },
  {
    identifier: 'CheckMortality',
    path: inSystem('CheckMortality', 'check_mortality'),
    value: era,
    additional: h256.scale,
  },
  {
    identifier: 'CheckNonce',
    path: inSystem('CheckNonce', 'check_nonce'),
    value: compact(u32).scale,
  },
  { identifier: 'CheckWeight', path: inSystem('CheckWeight', 'check_weight') },
  {
    identifier: 'ChargeTransactionPayment',
    path: ['pallet_transaction_payment', 'ChargeTransactionPayment'],
    value: compact(u64).scale,
  },
  {
    identifier: 'CheckMetadataHash',
    path: ['frame_metadata_hash_extension', 'CheckMetadataHash'],
    value: {
      kind: 'variant',
      path: ['frame_metadata_hash_extension', 'Mode'],
      variants: unitVariants(['Disabled', 'Enabled']),
    },
    additional: option(fixedBytes(32)).scale,
  },
]

/** Type id of an extension; a unit struct where it carries nothing, a named `mode` for the metadata hash. */
export function extensionType(registry: TypeRegistry, extension: SignedExtension): number {
  if (!extension.value) return registry.add({ kind: 'composite', fields: [] }, extension.path)
  const type = registry.of(extension.value)
  const field = extension.identifier === 'CheckMetadataHash' ? { name: 'mode', type } : { type }
  return registry.add({ kind: 'composite', fields: [field] }, extension.path)
}
