import { hasStake, stakeOf, stakers } from '../pallets/subtensor/staking'
import type { Storage } from '../storage'

const S = (item: string) => `SubtensorModule.${item}`

const noAxon = {
  block: 0n,
  version: 0,
  ip: 0n,
  port: 0,
  ipType: 0,
  protocol: 0,
  placeholder1: 0,
  placeholder2: 0,
}
const noPrometheus = { block: 0n, version: 0, ip: 0n, port: 0, ipType: 0 }

/** The vector of a subnet's item, by uid. */
export const byUid = <T>(storage: Storage, item: string, netuid: number): readonly T[] =>
  storage.knows(S(item)) ? storage.get<readonly T[]>(S(item), netuid) : []

export const axonOf = (storage: Storage, netuid: number, hotkey: string) =>
  storage.get<typeof noAxon | undefined>(S('Axons'), netuid, hotkey) ?? noAxon

/** Neurons of a subnet as clients ask for them, by uid. Ranks, trust and consensus are not modelled and stay zero. */
export function neuronsOf(storage: Storage, netuid: number) {
  const vector = <T>(item: string) => byUid<T>(storage, item, netuid)
  const [emission, incentive, dividends] = [
    vector<bigint>('Emission'),
    vector<number>('Incentive'),
    vector<number>('Dividends'),
  ]
  const [lastUpdate, permits] = [vector<bigint>('LastUpdate'), vector<boolean>('ValidatorPermit')]
  const size = storage.get<number>(S('SubnetworkN'), netuid)
  return Array.from({ length: size }, (_, uid) => {
    const hotkey = storage.get<string>(S('Keys'), netuid, uid)
    return {
      hotkey,
      coldkey: storage.get<string>(S('Owner'), hotkey),
      uid,
      netuid,
      active: true,
      axonInfo: axonOf(storage, netuid, hotkey),
      prometheusInfo: noPrometheus,
      stake: stakers(storage, netuid, hotkey),
      rank: 0,
      emission: emission[uid] ?? 0n,
      incentive: incentive[uid] ?? 0,
      consensus: 0,
      trust: 0,
      validatorTrust: 0,
      dividends: dividends[uid] ?? 0,
      lastUpdate: lastUpdate[uid] ?? 0n,
      validatorPermit: permits[uid] ?? false,
      weights: storage.get<readonly (readonly [number, number])[]>(S('Weights'), netuid, uid),
      bonds: [],
      pruningScore: 0,
    }
  })
}

/** What one coldkey has staked, everywhere; of one hotkey and subnet when they are named. */
export function stakesOf(
  storage: Storage,
  coldkey: string,
  only?: { readonly hotkey: string; readonly netuid: number },
) {
  if (!hasStake(storage)) return []
  const all = only
    ? [[only.hotkey, only.netuid] as const]
    : storage
        .keys<[string, number]>(S('TotalHotkeyAlpha'))
        .map(([hotkey, netuid]) => [hotkey, netuid] as const)
  return all.flatMap(([hotkey, netuid]) => {
    const own = stakers(storage, netuid, hotkey).find(([who]) => who === coldkey)
    if (!own && !only) return []
    return [
      {
        hotkey,
        coldkey,
        netuid,
        stake: own?.[1] ?? 0n,
        locked: 0n,
        emission: 0n,
        taoEmission: 0n,
        drain: 0n,
        isRegistered: storage.get(S('Uids'), netuid, hotkey) !== undefined,
      },
    ]
  })
}

export const alphaByUid = (storage: Storage, netuid: number, hotkeys: readonly string[]): bigint[] =>
  hotkeys.map((hotkey) => stakeOf(storage, netuid, hotkey))
