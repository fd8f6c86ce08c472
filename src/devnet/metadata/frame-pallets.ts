import {
  accountId,
  bool,
  bytes,
  compact,
  h256,
  type ScaleShape,
  type Shape,
  sequence,
  struct,
  tuple,
  u8,
  u16,
  u32,
  u64,
  u128,
} from '../../../abi/shape'
import type { ConstantSpec, PalletSpec, StorageItemSpec } from './pallet-spec'
import { accountInfo, digest, eventRecord, multiAddress, unitVariants } from './runtime-types'
import { encodeRuntimeVersion, runtimeVersionShape } from './runtime-version'
import { type AnyShape, scaleOf, variant } from './variant'

/**
 * Pallets of FRAME that wallets and clients look for in every runtime: System, Timestamp, Balances,
 * TransactionPayment, the slot of Aura. Indices of pallets and variants are Subtensor's (equal from spec 165 to 424).
 */
export function framePallets(specVersion: number): PalletSpec[] {
  return [system(specVersion), timestamp, aura, balances, transactionPayment]
}

/** Time between two blocks as `Timestamp.set` tells it, ms, whatever the real pace: Subtensor's slot. */
export const SLOT_MS = 12_000

/** Deposit without which an account may not exist, rao. */
export const EXISTENTIAL_DEPOSIT_RAO = 500n

const plain = (name: string, value: AnyShape): StorageItemSpec => ({
  name,
  modifier: 'Default',
  hashers: [],
  keys: [],
  value: scaleOf(value),
})

const map = (
  name: string,
  hasher: 'Twox64Concat' | 'Blake2_128Concat',
  key: AnyShape,
  value: AnyShape,
): StorageItemSpec => ({
  name,
  modifier: 'Default',
  hashers: [hasher],
  keys: [scaleOf(key)],
  value: scaleOf(value),
})

const constant = (name: string, type: Shape, lengthBytes: number, value: bigint): ConstantSpec => ({
  name,
  type: type.scale,
  value: littleEndian(value, lengthBytes),
})

function littleEndian(value: bigint, lengthBytes: number): string {
  const bigEndian = value.toString(16).padStart(lengthBytes * 2, '0')
  return `0x${Buffer.from(bigEndian, 'hex').reverse().toString('hex')}`
}

const dispatchInfo: ScaleShape = { kind: 'runtime', name: 'DispatchInfo' }
const dispatchError: ScaleShape = { kind: 'runtime', name: 'DispatchError' }
const lastRuntimeUpgrade = struct({ specVersion: compact(u32), specName: bytes }, [
  'frame_system',
  'LastRuntimeUpgradeInfo',
])

const system = (specVersion: number): PalletSpec => ({
  name: 'System',
  index: 0,
  calls: [
    variant(0, 'remark', { remark: bytes }),
    variant(1, 'set_heap_pages', { pages: u64 }),
    variant(2, 'set_code', { code: bytes }),
    variant(3, 'set_code_without_checks', { code: bytes }),
    variant(4, 'set_storage', { items: sequence(tuple(bytes, bytes)) }),
    variant(5, 'kill_storage', { keys: sequence(bytes) }),
    variant(6, 'kill_prefix', { prefix: bytes, subkeys: u32 }),
    variant(7, 'remark_with_event', { remark: bytes }),
  ],
  events: [
    variant(0, 'ExtrinsicSuccess', { dispatchInfo }),
    variant(1, 'ExtrinsicFailed', { dispatchError, dispatchInfo }),
    variant(2, 'CodeUpdated'),
    variant(3, 'NewAccount', { account: accountId }),
    variant(4, 'KilledAccount', { account: accountId }),
    variant(5, 'Remarked', { sender: accountId, hash: h256 }),
  ],
  errors: unitVariants([
    'InvalidSpecName',
    'SpecVersionNeedsToIncrease',
    'FailedToExtractRuntimeVersion',
    'NonDefaultComposite',
    'NonZeroRefCount',
    'CallFiltered',
  ]),
  storage: [
    map('Account', 'Blake2_128Concat', accountId, accountInfo),
    map('BlockHash', 'Twox64Concat', u32, h256),
    plain('Number', u32),
    plain('ParentHash', h256),
    plain('Digest', digest),
    plain('Events', { kind: 'sequence', of: eventRecord }),
    plain('EventCount', u32),
    { ...plain('LastRuntimeUpgrade', lastRuntimeUpgrade), modifier: 'Optional' },
  ],
  constants: [
    constant('BlockHashCount', u32, 4, 2400n),
    { name: 'Version', type: runtimeVersionShape, value: encodeRuntimeVersion(specVersion) },
    constant('SS58Prefix', u16, 2, 42n),
  ],
})

const timestamp: PalletSpec = {
  name: 'Timestamp',
  index: 2,
  calls: [variant(0, 'set', { now: compact(u64) })],
  storage: [plain('Now', u64), plain('DidUpdate', bool)],
  constants: [constant('MinimumPeriod', u64, 8, BigInt(SLOT_MS / 2))],
}

const aura: PalletSpec = {
  name: 'Aura',
  index: 3,
  constants: [constant('SlotDuration', u64, 8, BigInt(SLOT_MS))],
}

const amountOf = { who: accountId, amount: u64 }

const balances: PalletSpec = {
  name: 'Balances',
  index: 5,
  calls: [
    variant(0, 'transfer_allow_death', { dest: multiAddress, value: compact(u64) }),
    variant(2, 'force_transfer', { source: multiAddress, dest: multiAddress, value: compact(u64) }),
    variant(3, 'transfer_keep_alive', { dest: multiAddress, value: compact(u64) }),
    variant(4, 'transfer_all', { dest: multiAddress, keepAlive: bool }),
    variant(8, 'force_set_balance', { who: multiAddress, newFree: compact(u64) }),
  ],
  events: [
    variant(0, 'Endowed', { account: accountId, freeBalance: u64 }),
    variant(1, 'DustLost', { account: accountId, amount: u64 }),
    variant(2, 'Transfer', { from: accountId, to: accountId, amount: u64 }),
    variant(3, 'BalanceSet', { who: accountId, free: u64 }),
    variant(4, 'Reserved', amountOf),
    variant(5, 'Unreserved', amountOf),
    variant(7, 'Deposit', amountOf),
    variant(8, 'Withdraw', amountOf),
    variant(10, 'Minted', amountOf),
    variant(11, 'Burned', amountOf),
    variant(15, 'Issued', { amount: u64 }),
    variant(16, 'Rescinded', { amount: u64 }),
  ],
  errors: unitVariants([
    'VestingBalance',
    'LiquidityRestrictions',
    'InsufficientBalance',
    'ExistentialDeposit',
    'Expendability',
    'ExistingVestingSchedule',
    'DeadAccount',
  ]),
  storage: [plain('TotalIssuance', u64)],
  constants: [constant('ExistentialDeposit', u64, 8, EXISTENTIAL_DEPOSIT_RAO)],
}

const transactionPayment: PalletSpec = {
  name: 'TransactionPayment',
  index: 6,
  events: [variant(0, 'TransactionFeePaid', { who: accountId, actualFee: u64, tip: u64 })],
  storage: [{ ...plain('NextFeeMultiplier', u128), fallback: littleEndian(10n ** 18n, 16) }],
  constants: [constant('OperationalFeeMultiplier', u8, 1, 5n)],
}
