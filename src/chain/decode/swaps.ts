import { coldkeySwapped, hotkeySwapped, hotkeySwappedOnSubnet } from '../../../abi/swaps'
import type { Subnet } from '../state/subnet'
import type { BlockEvent } from './block'
import { type BlockContext, eventArgs, positionOf } from './context'
import type { Handler } from './handler'
import { subnetOf } from './subnet-of'

interface Swap {
  readonly coldkey: string
  readonly oldHotkey: string
  readonly newHotkey: string
}

function swapOn(
  ctx: BlockContext,
  subnet: Subnet,
  swap: Swap,
  scope: 'all' | 'subnet',
  event: BlockEvent,
): void {
  const uid = subnet.uidOf.get(swap.oldHotkey)
  const holder = uid === undefined ? undefined : subnet.holders[uid]
  ctx.emit(
    subnet,
    'HotkeySwapped',
    {
      uid: uid ?? null,
      oldHotkey: swap.oldHotkey,
      newHotkey: swap.newHotkey,
      coldkey: swap.coldkey,
      lineage: subnet.lineageOf(swap.oldHotkey),
      registeredAt: holder?.registeredAt ?? null,
      scope,
    },
    positionOf(event, swap.coldkey),
  )
}

/** Names no subnets: it holds wherever the old hotkey has a uid, or has committed or registered before. */
// biome-ignore lint/correctness/useYield: handlers are generators, this one needs no storage
const everywhere: Handler = function* (ctx, event) {
  const swap = eventArgs(ctx.runtime, hotkeySwapped, event)
  if (!swap) return 'unknown shape'
  for (const netuid of ctx.state.live()) {
    if (!ctx.state.get(netuid)!.lineage.has(swap.oldHotkey)) continue
    swapOn(ctx, ctx.state.get(netuid)!, swap, 'all', event)
  }
}

const onSubnet: Handler = function* (ctx, event) {
  const swap = eventArgs(ctx.runtime, hotkeySwappedOnSubnet, event)
  if (!swap) return 'unknown shape'
  if (!ctx.watches(swap.netuid)) return
  swapOn(ctx, yield* subnetOf(ctx, swap.netuid), swap, 'subnet', event)
}

const coldkey: Handler = function* (ctx, event) {
  const swap = eventArgs(ctx.runtime, coldkeySwapped, event)
  if (!swap) return 'unknown shape'
  const { oldColdkey, newColdkey } = swap
  for (const netuid of ctx.state.live()) {
    const subnet = ctx.state.get(netuid)!
    const uids = [...subnet.holders.entries()].flatMap(([uid, h]) => (h?.coldkey === oldColdkey ? [uid] : []))
    if (uids.length === 0 && subnet.ownerColdkey !== oldColdkey) continue
    ctx.emit(
      ctx.state.get(netuid)!,
      'ColdkeySwapped',
      { oldColdkey, newColdkey, uids },
      positionOf(event, oldColdkey),
    )
  }
}

export const swapHandlers: Record<string, Handler> = {
  [hotkeySwapped.id]: everywhere,
  [hotkeySwappedOnSubnet.id]: onSubnet,
  [coldkeySwapped.id]: coldkey,
}
