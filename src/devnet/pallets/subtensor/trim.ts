import type { BlockContext } from '../dispatch'
import { hotkeyOf, sizeOf, storageIndices } from './neurons'

const S = (item: string) => `SubtensorModule.${item}`

/**
 * Removes the lowest emitters and compacts everyone else's uids, without any event. Among equals the younger go.
 * Public source: `trim_to_max_allowed_uids` in `pallets/subtensor/src/subnets/uids.rs`.
 */
export function trimUids({ storage }: BlockContext, netuid: number, max: number): void {
  const size = sizeOf(storage, netuid)
  storage.put(S('MaxAllowedUids'), [netuid], max)
  if (size <= max) return
  const emission = storage.get<bigint[]>(S('Emission'), netuid) ?? []
  const owner = storage.get(S('SubnetOwnerHotkey'), netuid)
  const order = Array.from({ length: size }, (_, uid) => uid).sort((a, b) => {
    const [ea, eb] = [emission[a] ?? 0n, emission[b] ?? 0n]
    return ea === eb ? a - b : ea > eb ? -1 : 1
  })
  order.sort(
    (a, b) => Number(hotkeyOf(storage, netuid, b) === owner) - Number(hotkeyOf(storage, netuid, a) === owner),
  )
  const kept = order.slice(0, max).sort((a, b) => a - b)
  compact(storage, netuid, size, kept)
}

function compact(
  storage: BlockContext['storage'],
  netuid: number,
  size: number,
  kept: readonly number[],
): void {
  const newUid = new Map(kept.map((old, uid) => [old, uid]))
  const neurons = Array.from({ length: size }, (_, uid) => ({
    hotkey: hotkeyOf(storage, netuid, uid),
    registeredAt: storage.get<bigint>(S('BlockAtRegistration'), netuid, uid),
  }))
  for (const item of ['Keys', 'Uids', 'BlockAtRegistration']) storage.removePrefix(S(item), netuid)
  for (const [old, { hotkey, registeredAt }] of neurons.entries()) {
    const uid = newUid.get(old)
    if (uid === undefined) {
      storage.remove(S('IsNetworkMember'), hotkey, netuid)
      continue
    }
    storage.put(S('Keys'), [netuid, uid], hotkey)
    storage.put(S('Uids'), [netuid, hotkey], uid)
    storage.put(S('BlockAtRegistration'), [netuid, uid], registeredAt)
  }
  storage.put(S('SubnetworkN'), [netuid], kept.length)
  for (const item of ['Emission', 'Incentive', 'Dividends', 'ValidatorPermit'])
    moveVector(storage, item, netuid, kept)
  for (const index of storageIndices(storage, netuid)) {
    moveVector(storage, 'LastUpdate', index, kept)
    moveWeights(storage, index, newUid)
  }
}

function moveVector(
  storage: BlockContext['storage'],
  item: string,
  index: number,
  kept: readonly number[],
): void {
  const vector = storage.get<unknown[]>(S(item), index)
  if (!vector || vector.length === 0) return
  storage.put(
    S(item),
    [index],
    kept.map((old) => vector[old] ?? zeroLike(vector[0])),
  )
}

const zeroLike = (value: unknown) => (typeof value === 'bigint' ? 0n : typeof value === 'boolean' ? false : 0)

function moveWeights(
  storage: BlockContext['storage'],
  index: number,
  newUid: ReadonlyMap<number, number>,
): void {
  const all = storage.entries<[number, number], [number, number][]>(S('Weights'), index)
  storage.removePrefix(S('Weights'), index)
  for (const [[, from], weights] of all) {
    const uid = newUid.get(from)
    if (uid === undefined) continue
    const moved = weights.flatMap(([to, value]) => (newUid.has(to) ? [[newUid.get(to)!, value]] : []))
    storage.put(S('Weights'), [index, uid], moved)
  }
}
