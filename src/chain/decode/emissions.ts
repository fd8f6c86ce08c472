import { incentiveAlphaEmittedToMiners } from '../../../abi/emissions'
import { eventArgs, positionOf } from './context'
import type { Handler } from './handler'
import { mechanismOf, netuidOf } from './storage-index'
import { subnetOf } from './subnet-of'

/** Indexed by the uids of that moment: resolved here, since any later one may hold others. One a mechanism. */
const emitted: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, incentiveAlphaEmittedToMiners, event)
  if (!args) return 'unknown shape'
  const netuid = netuidOf(args.netuid)
  if (!ctx.watches(netuid)) return
  const subnet = yield* subnetOf(ctx, netuid)
  ctx.emit(
    subnet,
    'EpochEmitted',
    {
      mechanism: mechanismOf(args.netuid),
      emissions: args.emissions.map((e) => `${e}`),
      hotkeys: args.emissions.map((_, uid) => subnet.holders[uid]?.hotkey ?? null),
    },
    positionOf(event),
  )
  ctx.doubtPermits(netuid, 'epoch')
}

export const emissionHandlers: Record<string, Handler> = { [incentiveAlphaEmittedToMiners.id]: emitted }
