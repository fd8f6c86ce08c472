import { neuronRegistered, trimToMaxAllowedUids } from '../../../abi/registrations'
import type { BlockCall } from './block'
import { type BlockContext, callArgs, positionOfCall } from './context'
import type { CallHandler } from './handler'
import { adopt, readTable } from './reconcile'
import { subnetOf } from './subnet-of'

/**
 * Removes the lowest emitters and compacts the uids of everybody else without an event: the table is read again.
 * Storage is of the block's end, so a registration later in the same block cannot be told apart from the trim;
 * that is said, and the table is still the chain's.
 */
const trimmed: CallHandler = function* (ctx, call) {
  const args = callArgs(ctx.runtime, trimToMaxAllowedUids, call)
  if (!args) return 'unknown shape'
  if (!ctx.watches(args.netuid)) return
  const subnet = yield* subnetOf(ctx, args.netuid)
  const at = positionOfCall(call)
  const table = yield* readTable(args.netuid)
  if (!table) {
    ctx.undecoded(subnet, 'call', call.name, 'uids were trimmed, but the table cannot be read', args, at)
    return
  }
  yield* adopt(ctx, subnet, table, args.maxN, at)
  ctx.emit(
    subnet,
    'HyperparameterChanged',
    { name: 'MaxAllowedUids', value: `${args.maxN}`, source: 'call' },
    at,
  )
  if (registersAfter(ctx, call, args.netuid)) {
    ctx.undecoded(subnet, 'call', call.name, 'registrations follow in the same block', args, at)
  }
}

function registersAfter(ctx: BlockContext, call: BlockCall, netuid: number): boolean {
  return ctx.block.events.some(
    (e) =>
      e.name === neuronRegistered.id &&
      (e.extrinsicIndex ?? 0) > call.extrinsicIndex &&
      (e.args as unknown[])[0] === netuid,
  )
}

export const trimCallHandlers: Record<string, CallHandler> = { [trimToMaxAllowedUids.id]: trimmed }
