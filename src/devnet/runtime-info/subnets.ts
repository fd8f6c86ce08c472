import { epochAt, firstBlockOf, isEpochEnd } from '../pallets/subtensor/epoch-index'
import type { Storage } from '../storage'
import { alphaByUid, axonOf, byUid } from './neurons'
import { parametersOf, read } from './parameters'

const S = (item: string) => `SubtensorModule.${item}`
const STORAGE_INDEX_STEP = 4_096

export const exists = (storage: Storage, netuid: number): boolean =>
  storage.get(S('NetworksAdded'), netuid) === true

export const netuidsOf = (storage: Storage): number[] =>
  storage
    .entries<[number], boolean>(S('NetworksAdded'))
    .filter(([, added]) => added)
    .map(([[netuid]]) => netuid)
    .sort((a, b) => a - b)

const letters = (text: string): number[] => [...Buffer.from(text)]

const symbolOf = (storage: Storage, netuid: number): number[] =>
  storage.knows(S('TokenSymbol'))
    ? [...Buffer.from(storage.get<string>(S('TokenSymbol'), netuid).slice(2), 'hex')]
    : []

/** Blocks into the present epoch. */
const sinceStep = (storage: Storage, netuid: number, height: number): bigint =>
  BigInt(Math.max(0, height - firstBlockOf(storage, netuid, epochAt(storage, netuid, height))))

export function subnetInfoOf(storage: Storage, netuid: number, height: number) {
  const p = parametersOf(storage, netuid)
  return {
    ...p,
    netuid,
    maxAllowedValidators: p.maxValidators,
    scalingLawPower: read(storage, 'ScalingLawPower', netuid),
    subnetworkN: storage.get<number>(S('SubnetworkN'), netuid),
    maxAllowedUids: storage.get<number>(S('MaxAllowedUids'), netuid),
    blocksSinceLastStep: sinceStep(storage, netuid, height),
    networkModality: 0,
    networkConnect: [],
    emissionValue: 0n,
    owner: storage.get<string>(S('SubnetOwner'), netuid),
    identity: undefined,
  }
}

/** A token is worth one TAO for ever, so that both sides of the pool are what is staked. */
export function poolOf(storage: Storage, netuid: number, height: number) {
  const staked = read<bigint>(storage, 'SubnetTAO', netuid)
  const since = sinceStep(storage, netuid, height)
  return {
    netuid,
    ownerHotkey: storage.get<string>(S('SubnetOwnerHotkey'), netuid),
    ownerColdkey: storage.get<string>(S('SubnetOwner'), netuid),
    tempo: storage.get<number>(S('Tempo'), netuid),
    lastStep: BigInt(height) - since,
    blocksSinceLastStep: since,
    alphaIn: staked,
    alphaOut: staked,
    taoIn: staked,
    alphaOutEmission: 0n,
    alphaInEmission: 0n,
    taoInEmission: 0n,
    pendingAlphaEmission: 0n,
    pendingRootEmission: 0n,
    subnetVolume: 0n,
    movingPrice: { bits: 1n << 32n },
    networkRegisteredAt: storage.get<bigint>(S('NetworkRegisteredAt'), netuid),
  }
}

export const dynamicInfoOf = (storage: Storage, netuid: number, height: number) => ({
  ...poolOf(storage, netuid, height),
  subnetName: letters(`devnet ${netuid}`),
  tokenSymbol: symbolOf(storage, netuid),
  emission: 0n,
  subnetIdentity: undefined,
})

/** Everything about a subnet and one of its mechanisms at once. */
export function metagraphOf(storage: Storage, netuid: number, mechanism: number, height: number) {
  const { netuid: _, ...pool } = poolOf(storage, netuid, height)
  const numUids = storage.get<number>(S('SubnetworkN'), netuid)
  const uids = Array.from({ length: numUids }, (_, uid) => uid)
  const hotkeys = uids.map((uid) => storage.get<string>(S('Keys'), netuid, uid))
  const alphaStake = alphaByUid(storage, netuid, hotkeys)
  const zeros = uids.map(() => 0)
  const vector = <T>(item: string, index = netuid): readonly T[] => byUid<T>(storage, item, index)
  return {
    ...parametersOf(storage, netuid),
    ...pool,
    netuid: netuid + mechanism * STORAGE_INDEX_STEP,
    name: letters(`devnet ${netuid}`),
    symbol: symbolOf(storage, netuid),
    identity: undefined,
    block: BigInt(height),
    subnetEmission: 0n,
    numUids,
    maxUids: storage.get<number>(S('MaxAllowedUids'), netuid),
    hotkeys,
    coldkeys: hotkeys.map((hotkey) => storage.get<string>(S('Owner'), hotkey)),
    identities: uids.map(() => undefined),
    axons: hotkeys.map((hotkey) => axonOf(storage, netuid, hotkey)),
    active: uids.map(() => true),
    validatorPermit: vector<boolean>('ValidatorPermit'),
    pruningScore: zeros,
    lastUpdate: vector<bigint>('LastUpdate', netuid + mechanism * STORAGE_INDEX_STEP),
    emission: vector<bigint>('Emission'),
    dividends: vector<number>('Dividends'),
    incentives: vector<number>('Incentive'),
    consensus: zeros,
    trust: zeros,
    rank: zeros,
    blockAtRegistration: uids.map((uid) => storage.get<bigint>(S('BlockAtRegistration'), netuid, uid)),
    alphaStake,
    taoStake: uids.map(() => 0n),
    totalStake: alphaStake,
    taoDividendsPerHotkey: [],
    alphaDividendsPerHotkey: [],
    validators: vector<boolean>('ValidatorPermit').flatMap((is, uid) => (is ? [uid] : [])),
    commitments: [],
  }
}

/** The block in which the present epoch is paid; none without a tempo. */
export function nextEpoch(storage: Storage, netuid: number, height: number): bigint | undefined {
  if (!exists(storage, netuid) || storage.get<number>(S('Tempo'), netuid) === 0) return undefined
  let at = height + 1
  while (!isEpochEnd(storage, netuid, at)) at++
  return BigInt(at)
}
