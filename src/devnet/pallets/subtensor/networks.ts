import { accountOf, changeAccount } from '../../node/fees'
import type { Storage } from '../../storage'
import { type BlockContext, type DispatchContext, ensureRoot, ensureSigned } from '../dispatch'
import { ensure, fail } from './failures'
import { appendNeuron, storageIndices } from './neurons'
import { own, subnetUnknown } from './registration'
import { hasStake, refundStake } from './staking'

const S = (item: string) => `SubtensorModule.${item}`
/** Commitments of a dissolved subnet are purged since this spec (spec chain.md §1.3). */
const PURGE_COMMITMENTS_SPEC = 320
const FIRST_NETUID = 1

/** Parameters of a new subnet that differ from the storage's defaults, so that the devnet is lively. */
const initial: readonly (readonly [name: string, value: unknown, event: string | undefined])[] = [
  ['Tempo', 20, 'TempoSet'],
  ['MaxAllowedUids', 64, 'MaxAllowedUidsSet'],
  ['ImmunityPeriod', 50, 'ImmunityPeriodSet'],
  ['MinAllowedWeights', 1, 'MinAllowedWeightSet'],
  ['WeightsSetRateLimit', 5n, 'WeightsSetRateLimitSet'],
  ['Burn', 1_000_000_000n, undefined],
  ['MaxWeightsLimit', 65_535, 'MaxWeightLimitSet'],
  ['MaxRegistrationsPerBlock', 3, 'MaxRegistrationsPerBlockSet'],
  ['TargetRegistrationsPerInterval', 30, 'RegistrationPerIntervalSet'],
  ['Difficulty', 16n, 'DifficultySet'],
  ['NetworkPowRegistrationAllowed', true, 'PowRegistrationAllowed'],
  ['NetworkRegistrationAllowed', true, 'RegistrationAllowed'],
]

/** Adds a subnet under the lowest free netuid; at the limit the weakest one is dissolved for it, in this very call. */
export function registerNetwork(context: DispatchContext, hotkey: string | undefined): void {
  const coldkey = ensureSigned(context)
  const { storage } = context
  own(context, coldkey, hotkey ?? coldkey)
  const limit = storage.get<number>(S('SubnetLimit'))
  const isFull = storage.get<number>(S('TotalNetworks')) >= limit + 1
  const netuid = isFull ? weakest(context) : freeNetuid(context)
  lock(context, netuid, coldkey)
  if (isFull) dissolve(context, netuid)
  open(context, netuid, coldkey, hotkey ?? coldkey)
}

/** The price of a subnet; unlike on mainnet it does not move, and a dissolved subnet does not give it back. */
function lock(context: DispatchContext, netuid: number, coldkey: string): void {
  const { storage } = context
  const cost = storage.get<bigint>(S('NetworkMinLockCost'))
  if (accountOf(storage, coldkey).data.free < cost) fail(cannotAfford(context))
  changeAccount(storage, coldkey, { freeRao: -cost })
  context.deposit('Balances.Withdraw', { who: coldkey, amount: cost })
  storage.put(S('SubnetLocked'), [netuid], cost)
}

const cannotAfford = ({ specVersion }: DispatchContext): string =>
  specVersion >= 365 ? 'CannotAffordLockCost' : 'NotEnoughBalanceToStake'

function open(context: DispatchContext, netuid: number, coldkey: string, hotkey: string): void {
  for (const [, value, event] of initial) {
    if (event && context.knowsEvent(S(event))) context.deposit(S(event), [netuid, value])
  }
  writeSubnet(context, netuid, coldkey, hotkey)
  context.deposit(S('NetworkAdded'), [netuid, 0])
}

/** A subnet that exists at block 0; an indexer learns of it from storage only. */
export function genesisSubnet(storage: Storage, netuid: number, coldkey: string, hotkey: string): void {
  storage.put(S('Owner'), [hotkey], coldkey)
  storage.put(S('OwnedHotkeys'), [coldkey], [hotkey])
  writeSubnet({ storage, height: 0 }, netuid, coldkey, hotkey)
}

function writeSubnet(
  at: Pick<BlockContext, 'storage' | 'height'>,
  netuid: number,
  coldkey: string,
  hotkey: string,
): void {
  const { storage, height } = at
  for (const [name, value] of initial) if (storage.knows(S(name))) storage.put(S(name), [netuid], value)
  storage.put(S('NetworksAdded'), [netuid], true)
  storage.put(S('NetworkRegisteredAt'), [netuid], BigInt(height))
  storage.mutate<number>(S('TotalNetworks'), [], (n) => n + 1)
  storage.put(S('SubnetOwner'), [netuid], coldkey)
  if (storage.knows(S('SubnetOwnerHotkey'))) storage.put(S('SubnetOwnerHotkey'), [netuid], hotkey)
  if (storage.knows(S('RegisteredSubnetCounter'))) {
    storage.mutate<bigint>(S('RegisteredSubnetCounter'), [netuid], (n) => n + 1n)
  }
  appendNeuron(at, netuid, hotkey)
}

export function dissolveNetwork(context: DispatchContext, netuid: number): void {
  const { storage, origin } = context
  if (origin.kind !== 'Root') {
    const who = ensureSigned(context)
    ensure(storage.get(S('NetworksAdded'), netuid) === true, subnetUnknown(context))
    ensure(storage.get(S('SubnetOwner'), netuid) === who, 'NotSubnetOwner')
  }
  dissolve(context, netuid)
}

export function rootDissolveNetwork(context: DispatchContext, netuid: number): void {
  ensureRoot(context)
  ensure(context.storage.get(S('NetworksAdded'), netuid) === true, subnetUnknown(context))
  dissolve(context, netuid)
}

function dissolve(context: DispatchContext, netuid: number): void {
  const { storage } = context
  refundStake(context, netuid)
  for (const index of storageIndices(storage, netuid)) {
    storage.removePrefix(S('Weights'), index)
    storage.removePrefix(S('WeightCommits'), index)
    if (storage.knows(S('TimelockedWeightCommits'))) storage.removePrefix(S('TimelockedWeightCommits'), index)
    storage.remove(S('LastUpdate'), index)
  }
  for (const [[hotkey]] of storage
    .entries<[string], number>(S('Uids'), netuid)
    .map(([k, v]) => [k.slice(-1), v] as const)) {
    storage.remove(S('IsNetworkMember'), hotkey, netuid)
  }
  for (const item of ['Keys', 'Uids', 'BlockAtRegistration', 'Axons']) storage.removePrefix(S(item), netuid)
  for (const item of [
    'SubnetworkN',
    'NetworksAdded',
    'NetworkRegisteredAt',
    'SubnetOwner',
    'SubnetOwnerHotkey',
    'Emission',
    'Incentive',
    'Dividends',
    'BlocksSinceLastStep',
    'ValidatorPermit',
    'RegistrationsThisBlock',
    'RegistrationsThisInterval',
    'LastAdjustmentBlock',
    ...initial.map(([name]) => name),
  ]) {
    if (storage.knows(S(item))) storage.remove(S(item), netuid)
  }
  storage.mutate<number>(S('TotalNetworks'), [], (n) => n - 1)
  if (context.specVersion >= PURGE_COMMITMENTS_SPEC) purgeCommitments(context, netuid)
  context.deposit(S('NetworkRemoved'), netuid)
}

function purgeCommitments({ storage }: DispatchContext, netuid: number): void {
  for (const item of ['CommitmentOf', 'LastCommitment', 'RevealedCommitments', 'UsedSpaceOf']) {
    storage.removePrefix(`Commitments.${item}`, netuid)
  }
  storage.mutate<[number, string][]>('Commitments.TimelockedIndex', [], (index) =>
    index.filter(([n]) => n !== netuid),
  )
}

function freeNetuid({ storage }: DispatchContext): number {
  for (let netuid = FIRST_NETUID; netuid < 4096; netuid++) {
    if (storage.get(S('NetworksAdded'), netuid) !== true) return netuid
  }
  return fail('SubnetLimitReached')
}

/**
 * Whom a new subnet takes the place of: outside its immunity the one whose token costs least, then the oldest
 * (`get_network_to_prune`). What is staked in a subnet stands for the price, which is not modelled.
 */
function weakest({ storage, height, specVersion }: DispatchContext): number {
  const immunity = Number(storage.get<bigint>(S('NetworkImmunityPeriod')))
  const registeredAt = (n: number) => Number(storage.get<bigint>(S('NetworkRegisteredAt'), n))
  const worth = (n: number) => (hasStake(storage) ? storage.get<bigint>(S('SubnetTAO'), n) : 0n)
  const [netuid] = storage
    .entries<[number], boolean>(S('NetworksAdded'))
    .filter(([[n], added]) => added && n !== 0 && height >= registeredAt(n) + immunity)
    .map(([[n]]) => n)
    .sort((a, b) => Number(worth(a) - worth(b)) || registeredAt(a) - registeredAt(b) || a - b)
  return netuid ?? fail(specVersion >= 365 ? 'SubnetLimitReached' : 'AllNetworksInImmunity')
}
