import {
  bulkNeuronsRegistered,
  burnedRegister,
  neuronRegistered,
  owner,
  register,
  registerLimit,
  rootRegister,
} from '../../../abi/registrations'
import type { BlockEvent } from './block'
import { type BlockContext, callArgs, eventArgs, positionOf } from './context'
import type { Handler } from './handler'
import { readAgain } from './reconcile'
import { type Reading, readOne } from './storage-read'
import { subnetOf } from './subnet-of'

/** `clear_neuron`: the weights of a uid survived its replacement before (chain.md §1.3). */
const FIRST_SPEC_THAT_CLEARS_NEURONS = 233

/** From here on `register` is burned registration under another name: its coldkey argument is ignored. */
const FIRST_SPEC_REGISTER_IS_BURN = 397

/**
 * Coldkey of a registration: whoever registered, which is the origin of the call (not the payer); for proof of
 * work before 397 its argument. Where the call cannot be seen (EVM, if_else) the chain's `Owner` map.
 */
function* coldkeyOf(ctx: BlockContext, event: BlockEvent, hotkey: string): Reading<string | null> {
  const { call } = event
  const pow = callArgs(ctx.runtime, register, call)
  if (pow && ctx.spec < FIRST_SPEC_REGISTER_IS_BURN && pow.hotkey === hotkey) return pow.coldkey
  const args =
    pow ??
    callArgs(ctx.runtime, burnedRegister, call) ??
    callArgs(ctx.runtime, registerLimit, call) ??
    callArgs(ctx.runtime, rootRegister, call)
  if (args?.hotkey === hotkey && call?.signer) return call.signer
  return (yield* readOne(owner, [hotkey])) ?? null
}

const registered: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, neuronRegistered, event)
  if (!args) return 'unknown shape'
  const [netuid, uid, hotkey] = args
  if (!ctx.watches(netuid)) return
  const subnet = yield* subnetOf(ctx, netuid)
  const coldkey = yield* coldkeyOf(ctx, event, hotkey)
  const at = positionOf(event, coldkey ?? undefined)
  const before = subnet.holders[uid]
  const elsewhere = subnet.uidOf.get(hotkey)
  if (elsewhere !== undefined) {
    // The chain refuses to register a hotkey twice, so our table must be wrong: say so and follow the chain.
    ctx.undecoded(subnet, 'event', event.name, `hotkey already held uid ${elsewhere}`, args, at)
  }
  // Whether the newcomer has the permit of whom it replaced is for the runtime to say: some left it until the next epoch.
  if (subnet.permits?.has(uid)) ctx.doubtPermits(netuid, 'storage')
  if (before) {
    const { hotkey: old, registeredAt } = before
    const weightsCleared = ctx.spec >= FIRST_SPEC_THAT_CLEARS_NEURONS
    ctx.emit(
      subnet,
      'TenureEnded',
      { uid, hotkey: old, registeredAt, reason: 'replaced', weightsCleared },
      at,
    )
  }
  ctx.emit(
    subnet,
    'NeuronRegistered',
    {
      uid,
      hotkey,
      coldkey,
      lineage: subnet.lineageOf(hotkey),
      registeredAt: ctx.block.height,
      replaced: before?.hotkey ?? null,
      source: 'event',
    },
    at,
  )
}

/** Names a count, not the uids. */
const registeredInBulk: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, bulkNeuronsRegistered, event)
  if (!args) return 'unknown shape'
  if (ctx.watches(args[0])) yield* readAgain(ctx, args[0], positionOf(event))
}

export const registrationHandlers: Record<string, Handler> = {
  [neuronRegistered.id]: registered,
  [bulkNeuronsRegistered.id]: registeredInBulk,
}
