import { parameters } from '../../../abi/hyperparameters'
import { blockAtRegistration, keys, owner, subnetworkN } from '../../../abi/registrations'
import { networkRegisteredAt, networksAdded, subnetOwner, subnetOwnerHotkey } from '../../../abi/subnets'
import type { Subnet } from '../state/subnet'
import type { BlockContext } from './context'
import { parameterValue } from './parameter-value'
import { readPermits } from './permits'
import { type Reading, readAll } from './storage-read'

/** Netuids looked at when every subnet is indexed; mainnet has never allowed more than 129. */
export const PROBED_NETUIDS = 512

const NOBODY = `0x${'00'.repeat(32)}`

/** Account keys read as zero where nobody is. */
export const someone = (account: string | undefined): string | null =>
  account === undefined || account === NOBODY ? null : account

/**
 * Opens the subnets that exist before the first indexed block, from the state after its parent.
 * Without state (a recording) nothing is opened; subnets then appear with their first event.
 */
export function* snapshotExisting(ctx: BlockContext): Reading<void> {
  const probed =
    ctx.netuids === 'all'
      ? Array.from({ length: PROBED_NETUIDS }, (_, n) => n)
      : [...ctx.netuids].sort(ascending)
  const result = yield* readAll([{ item: networksAdded, keys: probed.map((n) => [n]) }], 'parent')
  const added = result?.[0]
  if (!added) return
  for (const [i, netuid] of probed.entries()) {
    if (added[i] === true && !ctx.state.get(netuid)) yield* snapshotSubnet(ctx, netuid)
  }
}

const ascending = (a: number, b: number) => a - b

/** Registration, holders, hyperparameters and permits of one subnet, as they were after the parent of this block. */
export function* snapshotSubnet(ctx: BlockContext, netuid: number): Reading<void> {
  const key = [[netuid]]
  const head = yield* readAll(
    [
      { item: networkRegisteredAt, keys: key },
      { item: subnetOwner, keys: key },
      { item: subnetOwnerHotkey, keys: key },
      { item: subnetworkN, keys: key },
    ],
    'parent',
  )
  const registeredAt = Number(head?.[0]?.[0] ?? 0)
  const subnet = ctx.state.open(netuid, registeredAt)
  const ownerColdkey = someone(head?.[1]?.[0])
  ctx.emit(
    subnet,
    'SubnetRegistered',
    { modality: 0, ownerColdkey, ownerHotkey: someone(head?.[2]?.[0]), source: 'snapshot' },
    {},
  )
  const opened = ctx.state.get(netuid)!
  yield* snapshotHolders(ctx, opened, head?.[3]?.[0] ?? 0)
  yield* snapshotParameters(ctx, opened, 'parent')
  yield* readPermits(ctx, opened, 'snapshot', 'parent')
}

function* snapshotHolders(ctx: BlockContext, subnet: Subnet, size: number): Reading<void> {
  const slots = Array.from({ length: size }, (_, uid) => [subnet.netuid, uid])
  const table = yield* readAll(
    [
      { item: keys, keys: slots },
      { item: blockAtRegistration, keys: slots },
    ],
    'parent',
  )
  const hotkeys = table?.[0]?.map(someone) ?? []
  const held = hotkeys.filter((h) => h !== null)
  const owners = yield* readAll([{ item: owner, keys: held.map((h) => [h]) }], 'parent')
  const coldkeys = new Map(held.map((h, i) => [h, someone(owners?.[0]?.[i])]))
  for (const [uid, hotkey] of hotkeys.entries()) {
    if (hotkey === null) continue
    ctx.emit(
      subnet,
      'NeuronRegistered',
      {
        uid,
        hotkey,
        coldkey: coldkeys.get(hotkey) ?? null,
        lineage: hotkey,
        registeredAt: Number(table?.[1]?.[uid] ?? 0),
        replaced: null,
        source: 'snapshot',
      },
      {},
    )
  }
}

/** Parameters that no event has told yet. Those that move without events are left out. */
export function* snapshotParameters(
  ctx: BlockContext,
  subnet: Subnet,
  at: 'block' | 'parent',
): Reading<void> {
  const wanted = parameters.filter((p) => !p.volatile && !subnet.parameters.has(p.name))
  const key = [[subnet.netuid]]
  const values = yield* readAll(
    wanted.map((p) => ({ item: p.storage, keys: key })),
    at,
  )
  for (const [i, parameter] of wanted.entries()) {
    const column = values?.[i]
    if (!column) continue
    const stored = column[0]
    const value =
      stored === undefined && parameter.storage.modifier === 'Default'
        ? ctx.runtime.getStorageFallback(parameter.storage.id)
        : stored
    if (value === undefined) continue
    ctx.emit(
      subnet,
      'HyperparameterChanged',
      { name: parameter.name, value: parameterValue(value), source: 'snapshot' },
      {},
    )
  }
}
