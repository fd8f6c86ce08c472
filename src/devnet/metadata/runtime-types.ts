import {
  accountId,
  bytes,
  compact,
  fixedBytes,
  h256,
  type ScaleShape,
  type ScaleVariant,
  sequence,
  struct,
  u8,
  u32,
  u64,
  u128,
} from '../../../abi/shape'

/** Shapes that every FRAME runtime has; public source: polkadot-sdk `sp_runtime`, `frame_support`, `frame_system`. */

export const unitVariants = (names: readonly string[]): ScaleVariant[] =>
  names.map((name, index) => ({ name, index }))

const enumOf = (path: readonly string[], names: readonly string[]): ScaleShape => ({
  kind: 'variant',
  path,
  variants: unitVariants(names),
})

const tokenError = enumOf(
  ['sp_runtime', 'TokenError'],
  [
    'FundsUnavailable',
    'OnlyProvider',
    'BelowMinimum',
    'CannotCreate',
    'UnknownAsset',
    'Frozen',
    'Unsupported',
    'CannotCreateHold',
    'NotExpendable',
    'Blocked',
  ],
)
const arithmeticError = enumOf(
  ['sp_arithmetic', 'ArithmeticError'],
  ['Underflow', 'Overflow', 'DivisionByZero'],
)
const transactionalError = enumOf(['sp_runtime', 'TransactionalError'], ['LimitReached', 'NoLayer'])

export const moduleError: ScaleShape = struct({ index: u8, error: fixedBytes(4) }, [
  'sp_runtime',
  'ModuleError',
]).scale

const carries: Record<string, ScaleShape> = {
  Module: moduleError,
  Token: tokenError,
  Arithmetic: arithmeticError,
  Transactional: transactionalError,
}

export const dispatchErrorVariants: readonly ScaleVariant[] = [
  'Other',
  'CannotLookup',
  'BadOrigin',
  'Module',
  'ConsumerRemaining',
  'NoProviders',
  'TooManyConsumers',
  'Token',
  'Arithmetic',
  'Transactional',
  'Exhausted',
  'Corruption',
  'Unavailable',
  'RootNotAllowed',
].map((name, index) => {
  const shape = carries[name]
  return shape ? { name, index, fields: [{ shape }] } : { name, index }
})

export const weight = struct({ refTime: compact(u64), proofSize: compact(u64) }, [
  'sp_weights',
  'weight_v2',
  'Weight',
])

export const dispatchInfoFields: Readonly<Record<string, ScaleShape>> = {
  weight: weight.scale,
  class: enumOf(['frame_support', 'dispatch', 'DispatchClass'], ['Normal', 'Operational', 'Mandatory']),
  paysFee: enumOf(['frame_support', 'dispatch', 'Pays'], ['Yes', 'No']),
}

export const multiAddress: ScaleShape = {
  kind: 'variant',
  path: ['sp_runtime', 'multiaddress', 'MultiAddress'],
  variants: [
    { name: 'Id', index: 0, fields: [{ shape: accountId.scale }] },
    { name: 'Index', index: 1, fields: [{ shape: { kind: 'compact', of: { kind: 'tuple', of: [] } } }] },
    { name: 'Raw', index: 2, fields: [{ shape: bytes.scale }] },
    { name: 'Address32', index: 3, fields: [{ shape: fixedBytes(32).scale }] },
    { name: 'Address20', index: 4, fields: [{ shape: fixedBytes(20).scale }] },
  ],
}

export const multiSignature: ScaleShape = {
  kind: 'variant',
  path: ['sp_runtime', 'MultiSignature'],
  variants: [
    { name: 'Ed25519', index: 0, fields: [{ shape: fixedBytes(64).scale }] },
    { name: 'Sr25519', index: 1, fields: [{ shape: fixedBytes(64).scale }] },
    { name: 'Ecdsa', index: 2, fields: [{ shape: fixedBytes(65).scale }] },
  ],
}

/** `Immortal`, then `Mortal1` … `Mortal255`, each with the second byte of the encoded era. */
export const era: ScaleShape = {
  kind: 'variant',
  path: ['sp_runtime', 'generic', 'era', 'Era'],
  variants: [
    { name: 'Immortal', index: 0 },
    ...Array.from({ length: 255 }, (_, i) => ({
      name: `Mortal${i + 1}`,
      index: i + 1,
      fields: [{ shape: u8.scale }],
    })),
  ],
}

const engineId = fixedBytes(4).scale
const digestItem: ScaleShape = {
  kind: 'variant',
  path: ['sp_runtime', 'generic', 'digest', 'DigestItem'],
  variants: [
    { name: 'PreRuntime', index: 6, fields: [{ shape: engineId }, { shape: bytes.scale }] },
    { name: 'Consensus', index: 4, fields: [{ shape: engineId }, { shape: bytes.scale }] },
    { name: 'Seal', index: 5, fields: [{ shape: engineId }, { shape: bytes.scale }] },
    { name: 'Other', index: 0, fields: [{ shape: bytes.scale }] },
    { name: 'RuntimeEnvironmentUpdated', index: 8 },
  ],
}

export const digest: ScaleShape = {
  kind: 'struct',
  path: ['sp_runtime', 'generic', 'digest', 'Digest'],
  fields: { logs: { kind: 'sequence', of: digestItem } },
}

export const phase: ScaleShape = {
  kind: 'variant',
  path: ['frame_system', 'Phase'],
  variants: [
    { name: 'ApplyExtrinsic', index: 0, fields: [{ shape: u32.scale }] },
    { name: 'Finalization', index: 1 },
    { name: 'Initialization', index: 2 },
  ],
}

export const eventRecord: ScaleShape = {
  kind: 'struct',
  path: ['frame_system', 'EventRecord'],
  fields: { phase, event: { kind: 'runtime', name: 'RuntimeEvent' }, topics: sequence(h256).scale },
}

/** Balances are u64 on Subtensor; the flags' top bit marks the account logic of 2023. */
export const accountData = struct({ free: u64, reserved: u64, frozen: u64, flags: u128 }, [
  'pallet_balances',
  'types',
  'AccountData',
])

export const accountInfo = struct(
  { nonce: u32, consumers: u32, providers: u32, sufficients: u32, data: accountData },
  ['frame_system', 'AccountInfo'],
)
