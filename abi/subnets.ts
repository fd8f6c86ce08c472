import { between, callsOf, eventsOf, identity, onBranch, since, storageOf, twox } from './item'
import { accountId, bool, bytes, option, sequence, struct, tuple, u8, u16, u32, u64, unit } from './shape'

const event = eventsOf('pallets/subtensor/src/macros/events.rs')
const call = callsOf('pallets/subtensor/src/macros/dispatches.rs')
const storage = storageOf('pallets/subtensor/src/lib.rs')
const pallet = 'SubtensorModule'

/** (netuid, modality). The owner's hotkey becomes uid 0 without an event of its own. */
export const networkAdded = event(pallet, 'NetworkAdded', 0, since(165, tuple(u16, u16)))

export const networkRemoved = event(pallet, 'NetworkRemoved', 1, since(165, u16))

/** Before dTAO the owner's hotkey was the signer (`Owner` linked them later). */
export const registerNetwork = call(
  pallet,
  'register_network',
  59,
  between(165, 223, unit),
  since(224, struct({ hotkey: accountId })),
  onBranch('devnet-ready', 218, struct({ hotkey: accountId, mechid: u16 })),
)

const identityOf = (name: string, fields: readonly string[]) =>
  struct(Object.fromEntries(fields.map((f) => [f, bytes])), ['pallet_subtensor', 'pallet', name])
const identityV1 = identityOf('SubnetIdentity', ['subnetName', 'githubRepo', 'subnetContact'])
const described = ['subnetName', 'githubRepo', 'subnetContact', 'subnetUrl', 'discord', 'description']
const identityV2 = identityOf('SubnetIdentityV2', [...described, 'additional'])
const identityV3 = identityOf('SubnetIdentityV3', [...described, 'logoUrl', 'additional'])

export const registerNetworkWithIdentity = call(
  pallet,
  'register_network_with_identity',
  79,
  between(216, 223, struct({ identity: option(identityV1) })),
  between(224, 233, struct({ hotkey: accountId, identity: option(identityV1) })),
  between(234, 272, struct({ hotkey: accountId, identity: option(identityV2) })),
  since(273, struct({ hotkey: accountId, identity: option(identityV3) })),
  onBranch('devnet-ready', 218, struct({ hotkey: accountId, mechid: u16, identity: option(identityV1) })),
)

export const registerLeasedNetwork = call(
  pallet,
  'register_leased_network',
  110,
  since(301, struct({ emissionsShare: u8, endBlock: option(u32) })),
)

export const dissolveNetwork = call(
  pallet,
  'dissolve_network',
  61,
  between(165, 215, struct({ netuid: u16 })),
  since(216, struct({ coldkey: accountId, netuid: u16 })),
  onBranch('devnet-ready', 218, struct({ netuid: u16 })),
)

export const rootDissolveNetwork = call(
  pallet,
  'root_dissolve_network',
  120,
  since(320, struct({ netuid: u16 })),
)

export const networksAdded = storage(pallet, 'NetworksAdded', 'Default', [identity(u16)], [since(165, bool)])

export const networkRegisteredAt = storage(
  pallet,
  'NetworkRegisteredAt',
  'Default',
  [identity(u16)],
  [since(165, u64)],
)

/** How often the netuid was registered: a check on the count of NetworkAdded. */
export const registeredSubnetCounter = storage(
  pallet,
  'RegisteredSubnetCounter',
  'Default',
  [identity(u16)],
  [since(401, u64)],
)

/** Coldkey of the subnet's owner. */
export const subnetOwner = storage(pallet, 'SubnetOwner', 'Default', [identity(u16)], [since(165, accountId)])

export const subnetOwnerHotkey = storage(
  pallet,
  'SubnetOwnerHotkey',
  'Default',
  [identity(u16)],
  [since(224, accountId), onBranch('devnet-ready', 218, accountId)],
)

export const totalNetworks = storage(pallet, 'TotalNetworks', 'Default', [], [since(165, u16)])

export const subnetLimit = storage(pallet, 'SubnetLimit', 'Default', [], [since(165, u16)], {
  165: '0x0c00',
  346: '0x8000',
})

/** Blocks since the subnet's last epoch. */
export const blocksSinceLastStep = storage(
  pallet,
  'BlocksSinceLastStep',
  'Default',
  [identity(u16)],
  [since(165, u64)],
)

/** Share of each mechanism in the subnet's emission; absent: equal. */
export const mechanismEmissionSplit = storage(
  pallet,
  'MechanismEmissionSplit',
  'Optional',
  [twox(u16)],
  [since(320, sequence(u16))],
)
