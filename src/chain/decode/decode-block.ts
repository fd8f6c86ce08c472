import { networkAdded } from '../../../abi/subnets'
import { batchWeightItemFailed } from '../../../abi/weights'
import type { EventDraft } from '../../log/envelope'
import type { ChainState } from '../state/chain-state'
import type { BlockCall, BlockEvent, DecodedBlock } from './block'
import { before } from './call-order'
import { commitmentHandlers } from './commitments'
import { BlockContext, type Netuids, type Position, positionOf, positionOfCall } from './context'
import { emissionHandlers } from './emissions'
import { expireCommits } from './expiry'
import type { CallHandler, Handler } from './handler'
import { hiddenCallEvents, reconcileAfterHiddenCalls } from './hidden-calls'
import { hyperparameterCallHandlers, hyperparameterHandlers } from './hyperparameters'
import { laterHandlers } from './later-runtimes'
import { readDoubtedPermits } from './permits'
import { registrationHandlers } from './registrations'
import { announceUpgrade, auditAfterUpgrade, upgraded } from './runtime-upgrades'
import { snapshotExisting, snapshotParameters } from './snapshot'
import type { Reading } from './storage-read'
import { subnetHandlers } from './subnets'
import { swapHandlers } from './swaps'
import { trimCallHandlers } from './trims'
import { weightCommitCallHandlers, weightCommitHandlers } from './weight-commits'
import { weightHandlers } from './weights'

/** By event name: what becomes of it. */
export const eventHandlers: Readonly<Record<string, Handler>> = {
  ...commitmentHandlers,
  ...emissionHandlers,
  ...hyperparameterHandlers,
  ...laterHandlers,
  ...registrationHandlers,
  ...subnetHandlers,
  ...swapHandlers,
  ...weightCommitHandlers,
  ...weightHandlers,
}

/** Events to ask a source for: that become something, that say more happened, and one to tell a batch's items apart. */
export const wantedEvents: readonly string[] = [
  ...Object.keys(eventHandlers),
  ...hiddenCallEvents,
  batchWeightItemFailed.id,
]

/** By call name: calls that change something without an event. */
export const callHandlers: Readonly<Record<string, CallHandler>> = {
  ...hyperparameterCallHandlers,
  ...trimCallHandlers,
  ...weightCommitCallHandlers,
}

export interface DecodeOptions {
  readonly netuids: Netuids
  /** True for the first block of an empty log: subnets that exist already are opened from storage. */
  readonly openExisting?: boolean
}

/**
 * Everything the watched subnets' logs gain from one block, in the order of the chain. Pure: storage is asked for
 * by yielding. The state is folded along: when the drafts are not committed it must be read from the log anew.
 */
export function* decodeBlock(
  block: DecodedBlock,
  state: ChainState,
  options: DecodeOptions,
): Reading<EventDraft[]> {
  const ctx = new BlockContext(block, state, options.netuids)
  if (options.openExisting) yield* snapshotExisting(ctx)
  const hasUpgrade = upgraded(ctx)
  if (hasUpgrade) announceUpgrade(ctx)
  const calls = block.calls.filter((c) => c.success && callHandlers[c.name])
  let next = 0
  for (const event of block.events) {
    while (next < calls.length && before(calls[next]!, event)) yield* decodeCall(ctx, calls[next++]!)
    yield* decodeEvent(ctx, event)
  }
  while (next < calls.length) yield* decodeCall(ctx, calls[next++]!)
  for (const netuid of ctx.registered) {
    yield* snapshotParameters(ctx, state.get(netuid)!, 'block')
    ctx.doubtPermits(netuid, 'snapshot')
  }
  yield* reconcileAfterHiddenCalls(ctx)
  expireCommits(ctx)
  if (hasUpgrade) yield* auditAfterUpgrade(ctx)
  yield* readDoubtedPermits(ctx)
  return ctx.drafts
}

function* decodeEvent(ctx: BlockContext, event: BlockEvent): Reading<void> {
  const handler = eventHandlers[event.name]
  if (!handler) return
  const problem = yield* handler(ctx, event)
  if (problem) undecodedEverywhere(ctx, 'event', event.name, problem, event.args, positionOf(event))
  if (event.name !== networkAdded.id) return
  for (const netuid of [...ctx.early.keys()]) {
    if (!ctx.state.get(netuid)) continue
    const waiting = ctx.early.get(netuid)!
    ctx.early.delete(netuid)
    for (const early of waiting) yield* decodeEvent(ctx, early)
  }
}

function* decodeCall(ctx: BlockContext, call: BlockCall): Reading<void> {
  const problem = yield* callHandlers[call.name]!(ctx, call)
  if (problem) undecodedEverywhere(ctx, 'call', call.name, problem, call.args, positionOfCall(call))
}

/** What cannot be attributed to a subnet is kept in the log of each. */
function undecodedEverywhere(
  ctx: BlockContext,
  what: 'event' | 'call',
  name: string,
  reason: string,
  raw: unknown,
  at: Position,
): void {
  for (const netuid of ctx.state.live()) {
    ctx.undecoded(ctx.state.get(netuid)!, what, name, reason, raw, at)
  }
}
