import { between, callsOf, eventsOf, since } from './item'
import { accountId, bool, option, struct, u16, u64 } from './shape'

const event = eventsOf('pallets/subtensor/src/macros/events.rs')
const call = callsOf('pallets/subtensor/src/macros/dispatches.rs')
const pallet = 'SubtensorModule'

const swap = { coldkey: accountId, oldHotkey: accountId, newHotkey: accountId }

/** On every subnet where the old hotkey holds a uid. Commitments stay under the old hotkey. */
export const hotkeySwapped = event(
  pallet,
  'HotkeySwapped',
  { 165: 55, 218: 59, 224: 61, 346: 63, 381: 64, 424: 66 },
  since(165, struct(swap)),
)

export const hotkeySwappedOnSubnet = event(
  pallet,
  'HotkeySwappedOnSubnet',
  { 275: 96, 381: 100, 424: 102 },
  since(275, struct({ ...swap, netuid: u16 })),
)

export const coldkeySwapped = event(
  pallet,
  'ColdkeySwapped',
  { 165: 60, 218: 64, 224: 65, 346: 66, 381: 69, 424: 71 },
  between(165, 223, struct({ oldColdkey: accountId, newColdkey: accountId })),
  between(224, 380, struct({ oldColdkey: accountId, newColdkey: accountId, swapCost: u64 })),
  since(381, struct({ oldColdkey: accountId, newColdkey: accountId })),
)

export const swapHotkey = call(
  pallet,
  'swap_hotkey',
  70,
  between(205, 274, struct({ hotkey: accountId, newHotkey: accountId })),
  since(275, struct({ hotkey: accountId, newHotkey: accountId, netuid: option(u16) })),
)

export const swapHotkeyV2 = call(
  pallet,
  'swap_hotkey_v2',
  72,
  since(391, struct({ hotkey: accountId, newHotkey: accountId, netuid: option(u16), keepStake: bool })),
)

export const swapColdkey = call(
  pallet,
  'swap_coldkey',
  71,
  between(165, 217, struct({ newColdkey: accountId })),
  between(218, 223, struct({ oldColdkey: accountId, newColdkey: accountId })),
  since(224, struct({ oldColdkey: accountId, newColdkey: accountId, swapCost: u64 })),
)
