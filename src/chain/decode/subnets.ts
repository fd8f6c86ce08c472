import { keys } from '../../../abi/registrations'
import {
  networkAdded,
  networkRemoved,
  registerNetwork,
  registerNetworkWithIdentity,
  subnetOwner,
} from '../../../abi/subnets'
import type { Subnet } from '../state/subnet'
import type { BlockEvent } from './block'
import { type BlockContext, callArgs, eventArgs, type Position, positionOf } from './context'
import type { Handler } from './handler'
import { someone } from './snapshot'
import { type Reading, readOne } from './storage-read'

/** Before it `register_network` took no hotkey: the owner registered with the signing key. */
const FIRST_SPEC_OWNER_HOTKEY_IS_ARGUMENT = 224

/** Uid 0 belongs to the owner from the start, without an event. */
function* ownerHotkeyOf(ctx: BlockContext, event: BlockEvent, netuid: number): Reading<string | null> {
  const args =
    callArgs(ctx.runtime, registerNetwork, event.call) ??
    callArgs(ctx.runtime, registerNetworkWithIdentity, event.call)
  if (args && 'hotkey' in args) return args.hotkey as string
  const stored = yield* readOne(keys, [netuid, 0])
  if (stored !== undefined) return someone(stored)
  const byRegistration = event.call?.name.startsWith('SubtensorModule.register_network')
  return ctx.spec < FIRST_SPEC_OWNER_HOTKEY_IS_ARGUMENT && byRegistration
    ? (event.call?.signer ?? null)
    : null
}

const added: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, networkAdded, event)
  if (!args) return 'unknown shape'
  const [netuid, modality] = args
  if (!ctx.watches(netuid)) return
  const known = ctx.state.get(netuid)
  const at = positionOf(event, event.call?.signer)
  if (known) {
    // A dissolution that left no event (or one we did not see): the old use has certainly ended.
    ctx.undecoded(known, 'event', event.name, 'netuid was still in use', args, at)
    dissolve(ctx, known, at)
  }
  const ownerHotkey = yield* ownerHotkeyOf(ctx, event, netuid)
  const ownerColdkey = event.call?.signer ?? someone(yield* readOne(subnetOwner, [netuid]))
  ctx.emit(
    ctx.state.open(netuid, ctx.block.height),
    'SubnetRegistered',
    { modality, ownerColdkey, ownerHotkey, source: 'event' },
    at,
  )
  const subnet = ctx.state.get(netuid)!
  if (ownerHotkey !== null) {
    ctx.emit(
      subnet,
      'NeuronRegistered',
      {
        uid: 0,
        hotkey: ownerHotkey,
        coldkey: ownerColdkey,
        lineage: ownerHotkey,
        registeredAt: ctx.block.height,
        replaced: null,
        source: 'owner',
      },
      at,
    )
  }
  ctx.registered.add(netuid)
}

// biome-ignore lint/correctness/useYield: handlers are generators, this one needs no storage
const removed: Handler = function* (ctx, event) {
  const netuid = eventArgs(ctx.runtime, networkRemoved, event)
  if (netuid === undefined) return 'unknown shape'
  const subnet = ctx.watches(netuid) ? ctx.state.get(netuid) : undefined
  if (subnet) dissolve(ctx, subnet, positionOf(event, event.call?.signer))
}

/** Ends every tenure, every open commit, and the subnet. */
function dissolve(ctx: BlockContext, subnet: Subnet, at: Position): void {
  for (const [uid, holder] of subnet.holders.slice().entries()) {
    if (!holder) continue
    const { hotkey, registeredAt } = holder
    ctx.emit(
      subnet,
      'TenureEnded',
      { uid, hotkey, registeredAt, reason: 'dissolved', weightsCleared: true },
      at,
    )
  }
  for (const { mechanism, who, kind, commitHash, height, eventIndex } of subnet.weightCommits) {
    const commit = { height, eventIndex }
    ctx.emit(
      subnet,
      'WeightsCommitExpired',
      { mechanism, who, kind, commitHash, commit, reason: 'subnet-dissolved' },
      at,
    )
  }
  ctx.emit(subnet, 'SubnetDissolved', { registeredAt: subnet.instance }, at)
  ctx.registered.delete(subnet.netuid)
}

export const subnetHandlers: Record<string, Handler> = {
  [networkAdded.id]: added,
  [networkRemoved.id]: removed,
}
