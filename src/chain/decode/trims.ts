import { neuronRegistered, trimToMaxAllowedUids } from '../../../abi/registrations'
import type { Subnet } from '../state/subnet'
import type { BlockCall } from './block'
import { type BlockContext, callArgs, type Position, positionOfCall } from './context'
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
  if (hasRoomFor(subnet, args.maxN)) {
    limited(ctx, subnet, args.maxN, at)
    return
  }
  const table = yield* readTable(args.netuid)
  if (!table) {
    ctx.undecoded(subnet, 'call', call.name, 'uids were trimmed, but the table cannot be read', args, at)
    return
  }
  yield* adopt(ctx, subnet, table, args.maxN, at)
  ctx.doubtPermits(args.netuid, 'storage')
  limited(ctx, subnet, args.maxN, at)
  if (registersAfter(ctx, call, args.netuid)) {
    ctx.undecoded(subnet, 'call', call.name, 'registrations follow in the same block', args, at)
  }
}

/** Nobody has to go, and every uid is where it was: what registers later in the block need not be told apart. */
const hasRoomFor = ({ holders }: Subnet, maxUids: number): boolean =>
  holders.length > 0 && holders.length <= maxUids && !holders.includes(undefined)

function limited(ctx: BlockContext, subnet: Subnet, maxUids: number, at: Position): void {
  const change = { name: 'MaxAllowedUids', value: `${maxUids}`, source: 'call' } as const
  ctx.emit(subnet, 'HyperparameterChanged', change, at)
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
