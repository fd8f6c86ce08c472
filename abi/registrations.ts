import { blake, callsOf, eventsOf, identity, since, storageOf } from './item'
import { accountId, bool, bytes, sequence, struct, tuple, u16, u64 } from './shape'

const event = eventsOf('pallets/subtensor/src/macros/events.rs')
const call = callsOf('pallets/subtensor/src/macros/dispatches.rs')
const storage = storageOf('pallets/subtensor/src/lib.rs')
const pallet = 'SubtensorModule'

/** (netuid, uid, hotkey). Also emitted when the uid is taken from its holder, with no other sign of it. */
export const neuronRegistered = event(
  pallet,
  'NeuronRegistered',
  { 165: 5, 224: 6 },
  since(165, tuple(u16, u16, accountId)),
)

/** (netuid, count): uids are not named, so the table is read again. */
export const bulkNeuronsRegistered = event(
  pallet,
  'BulkNeuronsRegistered',
  { 165: 6, 224: 7 },
  since(165, tuple(u16, u16)),
)

/** (netuid, rao): the price paid; not a hyperparameter. */
export const raoRecycledForRegistrationSet = event(
  pallet,
  'RAORecycledForRegistrationSet',
  { 165: 42, 218: 46, 224: 48, 346: 51, 424: 53 },
  since(165, tuple(u16, u64)),
)

export const burnedRegister = call(
  pallet,
  'burned_register',
  7,
  since(165, struct({ netuid: u16, hotkey: accountId })),
)

/** Proof of work; from 397 on an alias of burned registration whose work and coldkey are ignored. */
export const register = call(
  pallet,
  'register',
  6,
  since(
    165,
    struct({ netuid: u16, blockNumber: u64, nonce: u64, work: bytes, hotkey: accountId, coldkey: accountId }),
  ),
)

export const registerLimit = call(
  pallet,
  'register_limit',
  134,
  since(397, struct({ netuid: u16, hotkey: accountId, limitPrice: u64 })),
)

export const rootRegister = call(pallet, 'root_register', 62, since(165, struct({ hotkey: accountId })))

export const keys = storage(
  pallet,
  'Keys',
  'Default',
  [identity(u16), identity(u16)],
  [since(165, accountId)],
)

export const uids = storage(pallet, 'Uids', 'Optional', [identity(u16), blake(accountId)], [since(165, u16)])

export const blockAtRegistration = storage(
  pallet,
  'BlockAtRegistration',
  'Default',
  [identity(u16), identity(u16)],
  [since(165, u64)],
)

/** Number of uids in use: 0 … n−1. */
export const subnetworkN = storage(pallet, 'SubnetworkN', 'Default', [identity(u16)], [since(165, u16)])

/** Coldkey of a hotkey. */
export const owner = storage(pallet, 'Owner', 'Default', [blake(accountId)], [since(165, accountId)])

export const ownedHotkeys = storage(
  pallet,
  'OwnedHotkeys',
  'Default',
  [blake(accountId)],
  [since(165, sequence(accountId))],
)

export const isNetworkMember = storage(
  pallet,
  'IsNetworkMember',
  'Default',
  [blake(accountId), identity(u16)],
  [since(165, bool)],
)

/**
 * Whether the holder of each uid may give weights to others: decided at each epoch (`epoch/run_epoch.rs`), false for who registers
 * anew, moved along by trims. A uid that changed hands kept it until the next epoch in runtimes whose `clear_neuron` leaves it alone.
 */
export const validatorPermit = storage(
  pallet,
  'ValidatorPermit',
  'Default',
  [identity(u16)],
  [since(165, sequence(bool))],
)

/** Uids removed and everybody else's compacted, without any event. */
export const trimToMaxAllowedUids = callsOf('pallets/admin-utils/src/lib.rs')(
  'AdminUtils',
  'sudo_trim_to_max_allowed_uids',
  78,
  since(320, struct({ netuid: u16, maxN: u16 })),
)
