import type { Storage } from '../../storage'

const S = (item: string) => `SubtensorModule.${item}`
const C = (item: string) => `Commitments.${item}`

/** The chain's own storage of one subnet, as plain values. */
export interface SubnetTruth {
  readonly registeredAt: number
  readonly ownerColdkey: string
  /** By uid. */
  readonly keys: readonly string[]
  readonly blockAtRegistration: readonly number[]
  /** Coldkey by uid, from `Owner` of the hotkey. */
  readonly coldkeys: readonly string[]
  /** Uids with a validator permit, ascending. */
  readonly permits: readonly number[]
  /** By hotkey. */
  readonly uids: Readonly<Record<string, number>>
  /** By hotkey: block, and the fields that stand. */
  readonly commitmentOf: Readonly<Record<string, { readonly block: number; readonly fields: unknown }>>
  readonly lastCommitment: Readonly<Record<string, number>>
  /** By hotkey: plaintext and block, oldest first, ten at most. */
  readonly revealed: Readonly<Record<string, readonly (readonly [plaintext: string, block: number])[]>>
  /** By mechanism, then uid: (uid, u16) as given. */
  readonly weights: Readonly<Record<number, Readonly<Record<number, readonly (readonly [number, number])[]>>>>
  /** Hashes of weights that wait for their reveal, by `mechanism/hotkey`; expired ones may be among them. */
  readonly weightCommits: Readonly<Record<string, readonly string[]>>
}

/** Every subnet but the root. */
export type Truth = Readonly<Record<number, SubnetTruth>>

const STORAGE_INDEX_STEP = 4_096
/** Beyond what any history here has. */
const MAX_MECHANISMS = 4

export function truthOf(storage: Storage): Truth {
  const netuids = storage
    .entries<[number], boolean>(S('NetworksAdded'))
    .filter(([[netuid], added]) => added && netuid !== 0)
    .map(([[netuid]]) => netuid)
  return Object.fromEntries(netuids.map((netuid) => [netuid, subnetTruth(storage, netuid)]))
}

function subnetTruth(storage: Storage, netuid: number): SubnetTruth {
  const byHotkey = <T, R>(item: string, index: number, shown: (value: T) => R): Record<string, R> =>
    Object.fromEntries(
      storage.entries<[number, string], T>(item, index).map(([[, who], value]) => [who, shown(value)]),
    )
  const size = storage.get<number>(S('SubnetworkN'), netuid)
  const perUid = <T>(read: (uid: number) => T): T[] => Array.from({ length: size }, (_, uid) => read(uid))
  const keys = perUid((uid) => storage.get<string>(S('Keys'), netuid, uid))
  const mechanisms = Array.from({ length: MAX_MECHANISMS }, (_, m) => m)
  return {
    registeredAt: Number(storage.get<bigint>(S('NetworkRegisteredAt'), netuid)),
    ownerColdkey: storage.get<string>(S('SubnetOwner'), netuid),
    keys,
    blockAtRegistration: perUid((uid) => Number(storage.get<bigint>(S('BlockAtRegistration'), netuid, uid))),
    coldkeys: keys.map((hotkey) => storage.get<string>(S('Owner'), hotkey)),
    permits: storage
      .get<boolean[]>(S('ValidatorPermit'), netuid)
      .flatMap((isPermitted, uid) => (isPermitted ? [uid] : [])),
    uids: byHotkey<number, number>(S('Uids'), netuid, (uid) => uid),
    commitmentOf: byHotkey<{ block: number; info: { fields: unknown } }, { block: number; fields: unknown }>(
      C('CommitmentOf'),
      netuid,
      ({ block, info }) => ({ block, fields: info.fields }),
    ),
    lastCommitment: byHotkey<number, number>(C('LastCommitment'), netuid, (block) => block),
    revealed: byHotkey<readonly [string, bigint][], readonly (readonly [string, number])[]>(
      C('RevealedCommitments'),
      netuid,
      (all) => all.map(([plaintext, block]) => [plaintext, Number(block)]),
    ),
    weights: Object.fromEntries(
      mechanisms.map((m) => [m, weightsOf(storage, netuid + m * STORAGE_INDEX_STEP)]),
    ),
    weightCommits: Object.fromEntries(
      mechanisms.flatMap((m) =>
        Object.entries(
          byHotkey<readonly (readonly [string])[], string[]>(
            S('WeightCommits'),
            netuid + m * STORAGE_INDEX_STEP,
            (all) => all.map(([hash]) => hash),
          ),
        ).map(([who, hashes]) => [`${m}/${who}`, hashes]),
      ),
    ),
  }
}

const weightsOf = (storage: Storage, index: number) =>
  Object.fromEntries(
    storage
      .entries<[number, number], readonly (readonly [number, number])[]>(S('Weights'), index)
      .map(([[, uid], vector]) => [uid, vector]),
  )
