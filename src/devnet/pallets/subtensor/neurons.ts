import type { Decoded, Storage } from '../../storage'
import type { BlockContext } from '../dispatch'

/** Mechanism `m` of netuid `n` is kept under `m * 4096 + n` (spec chain.md §5; plain netuid before 320). */
export const STORAGE_INDEX_STEP = 4096

type Chain = Pick<BlockContext, 'storage' | 'height'>

const S = (item: string) => `SubtensorModule.${item}`

/** The storage index of every mechanism of a subnet that has vectors or commits. */
export function storageIndices(storage: Storage, netuid: number): number[] {
  const count = storage.knows(S('MechanismCountCurrent'))
    ? storage.get<number>(S('MechanismCountCurrent'), netuid)
    : 1
  return Array.from({ length: Math.max(1, count) }, (_, m) => m * STORAGE_INDEX_STEP + netuid)
}

export const sizeOf = (storage: Storage, netuid: number): number => storage.get(S('SubnetworkN'), netuid)

export const uidOf = (storage: Storage, netuid: number, hotkey: string): number | undefined =>
  storage.get(S('Uids'), netuid, hotkey)

export const hotkeyOf = (storage: Storage, netuid: number, uid: number): string =>
  storage.get(S('Keys'), netuid, uid)

/** Names the holder of a uid and the block of its registration. */
export function placeNeuron(context: Chain, netuid: number, uid: number, hotkey: string): void {
  const { storage, height } = context
  storage.put(S('Keys'), [netuid, uid], hotkey)
  storage.put(S('Uids'), [netuid, hotkey], uid)
  storage.put(S('BlockAtRegistration'), [netuid, uid], BigInt(height))
  storage.put(S('IsNetworkMember'), [hotkey, netuid], true)
  setByUid(storage, 'LastUpdate', netuid, uid, BigInt(height))
  setByUid(storage, 'ValidatorPermit', netuid, uid, false)
  for (const vector of ['Emission', 'Incentive', 'Dividends']) {
    if (storage.knows(S(vector))) setByUid(storage, vector, netuid, uid, vector === 'Emission' ? 0n : 0)
  }
}

/** A new uid at the end of the table. */
export function appendNeuron(context: Chain, netuid: number, hotkey: string): number {
  const uid = sizeOf(context.storage, netuid)
  context.storage.put(S('SubnetworkN'), [netuid], uid + 1)
  placeNeuron(context, netuid, uid, hotkey)
  return uid
}

/** The uid changes hands: the old holder's own weights go, and what others gave the uid becomes zero. */
export function replaceNeuron(context: BlockContext, netuid: number, uid: number, hotkey: string): void {
  const { storage } = context
  const old = hotkeyOf(storage, netuid, uid)
  storage.remove(S('Uids'), netuid, old)
  storage.remove(S('IsNetworkMember'), old, netuid)
  clearWeights(storage, netuid, uid)
  placeNeuron(context, netuid, uid, hotkey)
}

function clearWeights(storage: Storage, netuid: number, uid: number): void {
  for (const index of storageIndices(storage, netuid)) {
    storage.remove(S('Weights'), index, uid)
    for (const [[, from], weights] of storage.entries<[number, number], [number, number][]>(
      S('Weights'),
      index,
    )) {
      if (!weights.some(([to, value]) => to === uid && value > 0)) continue
      const kept = weights.map(([to, value]): [number, number] => [to, to === uid ? 0 : value])
      storage.put(S('Weights'), [index, from], kept)
    }
  }
}

/** Vectors by uid grow as needed. */
export function setByUid(storage: Storage, item: string, index: number, uid: number, value: Decoded): void {
  const vector = [...(storage.get<Decoded[]>(S(item), index) ?? [])]
  const zero = typeof value === 'bigint' ? 0n : typeof value === 'boolean' ? false : 0
  while (vector.length <= uid) vector.push(zero)
  vector[uid] = value
  storage.put(S(item), [index], vector)
}

/** Whom a registration on a full subnet replaces: lowest emission outside immunity, else lowest of all; then the older. */
export function neuronToPrune(
  { storage, height }: Pick<BlockContext, 'storage' | 'height'>,
  netuid: number,
): number {
  const immunity = storage.get<number>(S('ImmunityPeriod'), netuid)
  const owner = storage.knows(S('SubnetOwnerHotkey'))
    ? storage.get(S('SubnetOwnerHotkey'), netuid)
    : undefined
  const emission = storage.get<bigint[]>(S('Emission'), netuid) ?? []
  const candidates = Array.from({ length: sizeOf(storage, netuid) }, (_, uid) => ({
    uid,
    emission: emission[uid] ?? 0n,
    registeredAt: Number(storage.get<bigint>(S('BlockAtRegistration'), netuid, uid)),
  })).filter(({ uid }) => hotkeyOf(storage, netuid, uid) !== owner)
  const open = candidates.filter(({ registeredAt }) => height - registeredAt >= immunity)
  const [lowest] = (open.length > 0 ? open : candidates).sort(
    (a, b) => Number(a.emission - b.emission) || a.registeredAt - b.registeredAt || a.uid - b.uid,
  )
  return lowest?.uid ?? 0
}
