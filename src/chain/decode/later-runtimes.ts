import { positionOf } from './context'
import type { Handler } from './handler'
import { readAgain } from './reconcile'

const UNKNOWN = 'an event of runtimes after 425, whose shape is not known'

/** Root weights name subnets: the event belongs to netuid 0 alone, whatever is in it. */
// biome-ignore lint/correctness/useYield: handlers are generators, this one needs no storage
const rootWeightsSet: Handler = function* (ctx, event) {
  const root = ctx.state.get(0)
  if (root) ctx.undecoded(root, 'event', event.name, UNKNOWN, event.args, positionOf(event))
}

/** Uids are pruned in steps: every table is read again, which writes nothing where nothing differs. */
const uidsPruned: Handler = function* (ctx, event) {
  for (const netuid of ctx.state.live()) yield* readAgain(ctx, netuid, positionOf(event))
  return UNKNOWN
}

// biome-ignore lint/correctness/useYield: handlers are generators, this one needs no storage
const unknown: Handler = function* () {
  return UNKNOWN
}

/** Seen by others in runtimes after 425 (chain spec §1.3): kept raw, so that nobody believes nothing happened. */
export const laterHandlers: Record<string, Handler> = {
  'SubtensorModule.EpochConsensusSet': unknown,
  'SubtensorModule.NetworkDissolveCleanupCompleted': unknown,
  'SubtensorModule.NetworkRegistrationCancelled': unknown,
  'SubtensorModule.NetworkRegistrationQueued': unknown,
  'SubtensorModule.NullUidsPruningProgress': uidsPruned,
  'SubtensorModule.RootWeightsSet': rootWeightsSet,
}
