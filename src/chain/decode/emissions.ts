import { incentiveAlphaEmittedToMiners } from '../../../abi/emissions'
import { eventArgs, positionOf } from './context'
import type { Handler } from './handler'
import { subnetOf } from './subnet-of'

/** Indexed by the uids of that moment: resolved here, since any later one may hold others. */
const emitted: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, incentiveAlphaEmittedToMiners, event)
  if (!args) return 'unknown shape'
  if (!ctx.watches(args.netuid)) return
  const subnet = yield* subnetOf(ctx, args.netuid)
  ctx.emit(
    subnet,
    'EpochEmitted',
    {
      mechanism: 0,
      emissions: args.emissions.map((e) => `${e}`),
      hotkeys: args.emissions.map((_, uid) => subnet.holders[uid]?.hotkey ?? null),
    },
    positionOf(event),
  )
}

export const emissionHandlers: Record<string, Handler> = { [incentiveAlphaEmittedToMiners.id]: emitted }
