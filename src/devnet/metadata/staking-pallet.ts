import { accountId, type Shape, struct, u8, u16, u32, u64, u128 } from '../../../abi/shape'
import type { PalletSpec, StorageHasher, StorageItemSpec } from './pallet-spec'
import { variant } from './variant'

/** Stake is per subnet since this spec (dTAO, spec chain.md §1.3); the devnet knows none before. */
export const SUBNET_STAKE_SPEC = 233
/** The events of stake name the fee since. */
const STAKE_FEE_SPEC = 346
/** `NotEnoughStakeToSetWeights` asks this threshold. */
const THRESHOLD_SPEC = 218

type Key = readonly [hasher: StorageHasher, shape: Shape]

const identity = (shape: Shape): Key => ['Identity', shape]
const blake = (shape: Shape): Key => ['Blake2_128Concat', shape]

const item = (name: string, keys: readonly Key[], value: Shape, fallback?: string): StorageItemSpec => ({
  name,
  modifier: 'Default',
  hashers: keys.map(([hasher]) => hasher),
  keys: keys.map(([, shape]) => shape.scale),
  value: value.scale,
  ...(fallback ? { fallback } : {}),
})

/** `U64F64`: 64 bits before and after the point. */
const fixed = struct({ bits: u128 }, ['substrate_fixed', 'FixedU128'])

const axonInfo = struct(
  {
    block: u64,
    version: u32,
    ip: u128,
    port: u16,
    ipType: u8,
    protocol: u8,
    placeholder1: u8,
    placeholder2: u8,
  },
  ['pallet_subtensor', 'pallet', 'AxonInfo'],
)

const netuid = identity(u16)

/** What subnets count and ask for in every spec. 10 TAO instead of 1,000 for a new subnet, and 100 blocks of immunity. */
const ofSubnets: readonly StorageItemSpec[] = [
  item('RegistrationsThisBlock', [netuid], u16),
  item('RegistrationsThisInterval', [netuid], u16),
  item('LastAdjustmentBlock', [netuid], u64),
  item('NetworkImmunityPeriod', [], u64),
  item('NetworkMinLockCost', [], u64),
  item('SubnetLocked', [netuid], u64),
  { ...item('Axons', [netuid, blake(accountId)], axonInfo), modifier: 'Optional' },
]

const ofStake: readonly StorageItemSpec[] = [
  item('TotalHotkeyAlpha', [blake(accountId), netuid], u64),
  item('TotalHotkeyShares', [blake(accountId), netuid], fixed),
  item('Alpha', [blake(accountId), blake(accountId), netuid], fixed),
  item('SubnetTAO', [netuid], u64),
  item('SubnetAlphaOut', [netuid], u64),
  item('TotalStake', [], u64),
  item('NominatorMinRequiredStake', [], u64),
]

const fields = (specVersion: number) => {
  const told = [accountId, accountId, u64, u64, u16, ...(specVersion >= STAKE_FEE_SPEC ? [u64] : [])]
  return told.map(({ scale }) => ({ shape: scale }))
}

/** Stake and the counters of registrations. Public source: `pallets/subtensor/src/lib.rs`, `staking/`. */
export function stakingPallets(specVersion: number): PalletSpec[] {
  const threshold = specVersion < THRESHOLD_SPEC ? [] : [item('StakeThreshold', [], u64)]
  const hasStake = specVersion >= SUBNET_STAKE_SPEC
  return [
    {
      name: 'SubtensorModule',
      index: 7,
      calls: hasStake
        ? [
            variant(2, 'add_stake', { hotkey: accountId, netuid: u16, amountStaked: u64 }),
            variant(3, 'remove_stake', { hotkey: accountId, netuid: u16, amountUnstaked: u64 }),
          ]
        : [],
      events: hasStake
        ? [
            { name: 'StakeAdded', index: 2, fields: fields(specVersion) },
            { name: 'StakeRemoved', index: 3, fields: fields(specVersion) },
          ]
        : [],
      storage: [...ofSubnets, ...threshold, ...(hasStake ? ofStake : [])],
    },
  ]
}
