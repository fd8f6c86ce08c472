import { accountOf, changeAccount } from '../../node/fees'
import type { Storage } from '../../storage'
import { type DispatchContext, ensureSigned } from '../dispatch'
import { ensure, fail } from './failures'
import { hotkeyOf, sizeOf } from './neurons'
import { subnetUnknown } from './registration'

const S = (item: string) => `SubtensorModule.${item}`
/** `DefaultMinStake`, rao. */
export const MIN_STAKE_RAO = 2_000_000n
const FIXED_POINT_BITS = 64n

interface Fixed {
  readonly bits: bigint
}

/** Whether this spec has stake by subnet; before, the devnet knows none, and whoever is registered is a validator. */
export const hasStake = (storage: Storage): boolean => storage.knows(S('TotalHotkeyAlpha'))

/** What a hotkey has staked in a subnet, by all coldkeys, in rao of its token; 0 where stake is not known. */
export const stakeOf = (storage: Storage, netuid: number, hotkey: string): bigint =>
  hasStake(storage) ? storage.get<bigint>(S('TotalHotkeyAlpha'), hotkey, netuid) : 0n

/** A coldkey's part of it. */
export const stakeBy = (storage: Storage, netuid: number, hotkey: string, coldkey: string): bigint =>
  storage.get<Fixed>(S('Alpha'), hotkey, coldkey, netuid).bits >> FIXED_POINT_BITS

/**
 * Stakes TAO to a hotkey in one subnet. A subnet's token is worth one TAO for ever: pools, slippage and fees are not
 * modelled. Public source: `pallets/subtensor/src/staking/add_stake.rs`.
 */
export function addStake(context: DispatchContext, hotkey: string, netuid: number, rao: bigint): void {
  const coldkey = ensureSigned(context)
  const { storage } = context
  ensure(storage.get(S('NetworksAdded'), netuid) === true, subnetUnknown(context))
  ensure(storage.has(S('Owner'), hotkey), 'HotKeyAccountNotExists')
  ensure(rao >= MIN_STAKE_RAO, 'AmountTooLow')
  if (accountOf(storage, coldkey).data.free < rao) fail('NotEnoughBalanceToStake')
  changeAccount(storage, coldkey, { freeRao: -rao })
  context.deposit('Balances.Withdraw', { who: coldkey, amount: rao })
  changeStake(storage, netuid, hotkey, coldkey, rao)
  depositStake(context, 'StakeAdded', coldkey, hotkey, rao, netuid)
}

/** The reverse of `addStake`, to the coldkey that staked. */
export function removeStake(context: DispatchContext, hotkey: string, netuid: number, rao: bigint): void {
  const coldkey = ensureSigned(context)
  const { storage } = context
  ensure(storage.get(S('NetworksAdded'), netuid) === true, subnetUnknown(context))
  ensure(storage.has(S('Owner'), hotkey), 'HotKeyAccountNotExists')
  ensure(rao > 0n, 'AmountTooLow')
  ensure(stakeBy(storage, netuid, hotkey, coldkey) >= rao, 'NotEnoughStakeToWithdraw')
  changeStake(storage, netuid, hotkey, coldkey, -rao)
  changeAccount(storage, coldkey, { freeRao: rao })
  context.deposit('Balances.Deposit', { who: coldkey, amount: rao })
  depositStake(context, 'StakeRemoved', coldkey, hotkey, rao, netuid)
}

/** `StakeAdded` and `StakeRemoved` name the fee since 346. */
const FEE_SPEC = 346

function depositStake(
  context: DispatchContext,
  event: 'StakeAdded' | 'StakeRemoved',
  coldkey: string,
  hotkey: string,
  rao: bigint,
  netuid: number,
): void {
  const args = [coldkey, hotkey, rao, rao, netuid]
  context.deposit(S(event), context.specVersion >= FEE_SPEC ? [...args, 0n] : args)
}

function changeStake(
  storage: Storage,
  netuid: number,
  hotkey: string,
  coldkey: string,
  change: bigint,
): void {
  const add = (name: string, ...keys: unknown[]) =>
    storage.mutate<bigint>(S(name), keys, (value) => value + change)
  const addFixed = (name: string, ...keys: unknown[]) =>
    storage.mutate<Fixed>(S(name), keys, ({ bits }) => ({ bits: bits + (change << FIXED_POINT_BITS) }))
  add('TotalHotkeyAlpha', hotkey, netuid)
  addFixed('TotalHotkeyShares', hotkey, netuid)
  addFixed('Alpha', hotkey, coldkey, netuid)
  add('SubnetTAO', netuid)
  add('SubnetAlphaOut', netuid)
  add('TotalStake')
}

/** A swapped hotkey takes its stake along, in one subnet. */
export function moveStake(storage: Storage, netuid: number, oldHotkey: string, newHotkey: string): void {
  for (const [coldkey, rao] of stakers(storage, netuid, oldHotkey)) {
    changeStake(storage, netuid, oldHotkey, coldkey, -rao)
    changeStake(storage, netuid, newHotkey, coldkey, rao)
  }
}

/** A dissolved subnet gives everybody's stake back. */
export function refundStake(context: DispatchContext, netuid: number): void {
  const { storage } = context
  if (!hasStake(storage)) return
  for (const [[hotkey, in_]] of storage.entries<[string, number], bigint>(S('TotalHotkeyAlpha'))) {
    if (in_ !== netuid) continue
    for (const [coldkey, rao] of stakers(storage, netuid, hotkey)) {
      changeStake(storage, netuid, hotkey, coldkey, -rao)
      changeAccount(storage, coldkey, { freeRao: rao })
      context.deposit('Balances.Deposit', { who: coldkey, amount: rao })
    }
  }
}

/** Coldkeys with stake at a hotkey in a subnet, and how much, rao. */
export function stakers(storage: Storage, netuid: number, hotkey: string): [coldkey: string, rao: bigint][] {
  if (!hasStake(storage)) return []
  return storage
    .entries<[string, string, number], Fixed>(S('Alpha'), hotkey)
    .filter(([[, , in_], { bits }]) => in_ === netuid && bits > 0n)
    .map(([[, coldkey], { bits }]) => [coldkey, bits >> FIXED_POINT_BITS])
}

/** By uid: the stake of its hotkey in rao, zero below the threshold that validators need. */
export function stakeByUid(storage: Storage, netuid: number): bigint[] {
  return Array.from({ length: sizeOf(storage, netuid) }, (_, uid) => {
    const rao = stakeOf(storage, netuid, hotkeyOf(storage, netuid, uid))
    return rao >= threshold(storage) ? rao : 0n
  })
}

/** Stake below which weights may not be set, rao. */
export const threshold = (storage: Storage): bigint =>
  storage.knows(S('StakeThreshold')) ? storage.get<bigint>(S('StakeThreshold')) : 0n

/** Whether a uid may give weights to others. Before stake was by subnet, the devnet lets everybody. */
export function hasPermit(storage: Storage, netuid: number, uid: number): boolean {
  if (!hasStake(storage)) return true
  return storage.get<boolean[]>(S('ValidatorPermit'), netuid)[uid] === true
}

/** Whether a hotkey holds a uid that may give weights to others. */
export function isPermitted(storage: Storage, netuid: number, hotkey: string): boolean {
  const uid = storage.get<number | undefined>(S('Uids'), netuid, hotkey)
  return uid !== undefined && hasPermit(storage, netuid, uid)
}

/** The most staked have permits until the next epoch, at most as many as `MaxAllowedValidators` (`run_epoch`). */
export function decidePermits(storage: Storage, netuid: number): void {
  const stakes = stakeByUid(storage, netuid)
  const most = storage.get<number>(S('MaxAllowedValidators'), netuid)
  const ranked = stakes
    .map((rao, uid) => ({ rao, uid }))
    .filter(({ rao }) => rao > 0n)
    .sort((a, b) => (a.rao === b.rao ? a.uid - b.uid : a.rao > b.rao ? -1 : 1))
  const permitted = new Set(ranked.slice(0, most).map(({ uid }) => uid))
  storage.put(
    S('ValidatorPermit'),
    [netuid],
    stakes.map((_, uid) => permitted.has(uid)),
  )
}
