import { type DispatchContext, ensureRoot, ensureSigned } from '../dispatch'
import { ensure, fail } from './failures'
import { storageIndices, uidOf } from './neurons'
import { moveStake } from './staking'

const S = (item: string) => `SubtensorModule.${item}`

/** The hotkey's uids get another hotkey: same uid, same registration block. Commitments stay where they are. */
export function swapHotkey(
  context: DispatchContext,
  oldHotkey: string,
  newHotkey: string,
  netuid: number | undefined,
): void {
  const coldkey = ensureSigned(context)
  const { storage } = context
  ensure(storage.get(S('Owner'), oldHotkey) === coldkey, 'NonAssociatedColdKey')
  ensure(oldHotkey !== newHotkey, 'NewHotKeyIsSameWithOld')
  if (storage.has(S('Owner'), newHotkey)) {
    ensure(storage.get(S('Owner'), newHotkey) === coldkey, 'NonAssociatedColdKey')
  } else {
    storage.put(S('Owner'), [newHotkey], coldkey)
    storage.mutate<string[]>(S('OwnedHotkeys'), [coldkey], (owned) => [...(owned ?? []), newHotkey])
  }
  if (netuid === undefined) swapEverywhere(context, coldkey, oldHotkey, newHotkey)
  else {
    ensure(uidOf(storage, netuid, oldHotkey) !== undefined, 'HotKeyNotRegisteredInSubNet')
    rename(context, netuid, oldHotkey, newHotkey)
    context.deposit(S('HotkeySwappedOnSubnet'), { coldkey, oldHotkey, newHotkey, netuid })
  }
}

function swapEverywhere(
  context: DispatchContext,
  coldkey: string,
  oldHotkey: string,
  newHotkey: string,
): void {
  const netuids = context.storage
    .entries<[number], boolean>(S('NetworksAdded'))
    .filter(([, added]) => added)
    .map(([[netuid]]) => netuid)
  for (const netuid of netuids) {
    if (uidOf(context.storage, netuid, oldHotkey) !== undefined) rename(context, netuid, oldHotkey, newHotkey)
  }
  context.deposit(S('HotkeySwapped'), { coldkey, oldHotkey, newHotkey })
}

function rename({ storage }: DispatchContext, netuid: number, oldHotkey: string, newHotkey: string): void {
  const uid = uidOf(storage, netuid, oldHotkey)
  if (uid === undefined) return
  if (uidOf(storage, netuid, newHotkey) !== undefined) fail('HotKeyAlreadyRegisteredInSubNet')
  storage.remove(S('Uids'), netuid, oldHotkey)
  storage.remove(S('IsNetworkMember'), oldHotkey, netuid)
  storage.put(S('Uids'), [netuid, newHotkey], uid)
  storage.put(S('Keys'), [netuid, uid], newHotkey)
  storage.put(S('IsNetworkMember'), [newHotkey, netuid], true)
  moveStake(storage, netuid, oldHotkey, newHotkey)
  for (const index of storageIndices(storage, netuid)) moveCommits(storage, index, oldHotkey, newHotkey)
  if (storage.knows(S('SubnetOwnerHotkey')) && storage.get(S('SubnetOwnerHotkey'), netuid) === oldHotkey) {
    storage.put(S('SubnetOwnerHotkey'), [netuid], newHotkey)
  }
}

/** Hash commits move along, though their hash names the old hotkey: nobody can reveal them any more. */
function moveCommits(
  storage: DispatchContext['storage'],
  index: number,
  oldHotkey: string,
  newHotkey: string,
): void {
  const commits = storage.get<unknown[] | undefined>(S('WeightCommits'), index, oldHotkey)
  if (!commits) return
  storage.remove(S('WeightCommits'), index, oldHotkey)
  storage.put(S('WeightCommits'), [index, newHotkey], commits)
}

/** Only root may, on an announced swap; the announcement itself is not modelled. */
export function swapColdkey(
  context: DispatchContext,
  oldColdkey: string,
  newColdkey: string,
  swapCost: bigint,
): void {
  ensureRoot(context)
  const { storage } = context
  const owned = storage.get<string[]>(S('OwnedHotkeys'), oldColdkey) ?? []
  for (const hotkey of owned) storage.put(S('Owner'), [hotkey], newColdkey)
  storage.remove(S('OwnedHotkeys'), oldColdkey)
  storage.mutate<string[]>(S('OwnedHotkeys'), [newColdkey], (mine) => [...(mine ?? []), ...owned])
  for (const [[netuid], owner] of storage.entries<[number], string>(S('SubnetOwner'))) {
    if (owner === oldColdkey) storage.put(S('SubnetOwner'), [netuid], newColdkey)
  }
  const cost = context.specVersion >= 224 && context.specVersion < 381 ? { swapCost } : {}
  context.deposit(S('ColdkeySwapped'), { oldColdkey, newColdkey, ...cost })
}
