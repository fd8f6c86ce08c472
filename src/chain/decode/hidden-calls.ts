import type { BlockContext } from './context'
import { readAgain } from './reconcile'
import type { Reading } from './storage-read'

/** Each says that a call ran which nobody can look into (spec chain.md §4.3); what it did may have no event of its own. */
export const hiddenCallEvents = [
  'Utility.IfElseMainSuccess',
  'Utility.IfElseFallbackCalled',
  'MevShield.ExtrinsicDispatched',
  'Scheduler.Dispatched',
] as const

const names: ReadonlySet<string> = new Set(hiddenCallEvents)

/** A trim may have hidden in it: the tables are read again when the block is over, which writes nothing where nothing differs. */
export function* reconcileAfterHiddenCalls(ctx: BlockContext): Reading<void> {
  if (!ctx.block.events.some((event) => names.has(event.name))) return
  for (const netuid of ctx.state.live()) {
    if (netuid !== 0 && ctx.watches(netuid)) yield* readAgain(ctx, netuid, {})
  }
}
