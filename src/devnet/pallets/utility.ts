import { hexToU8a, stringToU8a, u8aConcat } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import type { DispatchContext, DispatchErrorValue, Origin, Pallet, RuntimeCall } from './dispatch'
import { DispatchFailure, ensureRoot, ensureSigned } from './dispatch'

/** `batched_calls_limit` of the real runtime depends on its heap; this is of its order. */
const MAX_BATCHED_CALLS = 10_000

/**
 * Batches and wrappers of calls; which events each emits decides what an indexer can tell about the inner calls.
 * Public source: `frame/utility/src/lib.rs` of polkadot-sdk; spec chain.md §2.1, §4.3.
 */
export const utilityPallet: Pallet = {
  name: 'Utility',
  calls: {
    batch(context, { calls }) {
      const origin = batchOrigin(context, calls)
      for (const [index, call] of (calls as RuntimeCall[]).entries()) {
        const error = context.dispatch(call, origin)
        if (error) {
          context.deposit('Utility.BatchInterrupted', { index, error })
          return
        }
        context.deposit('Utility.ItemCompleted')
      }
      context.deposit('Utility.BatchCompleted')
    },
    batch_all(context, { calls }) {
      const origin = batchOrigin(context, calls)
      for (const call of calls as RuntimeCall[]) {
        passOn(context.dispatch(call, origin))
        context.deposit('Utility.ItemCompleted')
      }
      context.deposit('Utility.BatchCompleted')
    },
    force_batch(context, { calls }) {
      const origin = batchOrigin(context, calls)
      let failed = false
      for (const call of calls as RuntimeCall[]) {
        const error = context.dispatch(call, origin)
        if (error) context.deposit('Utility.ItemFailed', { error })
        else context.deposit('Utility.ItemCompleted')
        failed ||= error !== undefined
      }
      context.deposit(failed ? 'Utility.BatchCompletedWithErrors' : 'Utility.BatchCompleted')
    },
    as_derivative(context, { index, call }) {
      const account = derivativeAccount(ensureSigned(context), index)
      passOn(context.dispatch(call, { kind: 'Signed', account }))
    },
    if_else(context, { main, fallback }) {
      const mainError = context.dispatch(main, context.origin)
      if (!mainError) {
        context.deposit('Utility.IfElseMainSuccess')
        return
      }
      passOn(context.dispatch(fallback, context.origin))
      context.deposit('Utility.IfElseFallbackCalled', { mainError })
    },
    with_weight(context, { call }) {
      ensureRoot(context)
      passOn(context.dispatch(call, context.origin))
    },
  },
}

function batchOrigin(context: DispatchContext, calls: readonly unknown[]): Origin {
  if (context.origin.kind === 'None') throw new DispatchFailure('', 'BadOrigin')
  if (calls.length > MAX_BATCHED_CALLS) throw new DispatchFailure('Utility', 'TooManyCalls')
  return context.origin
}

/** The wrapper fails with the error of what it wraps. */
export function passOn(error: DispatchErrorValue | undefined): void {
  if (error) throw new DispatchFailure('', 'Other', error)
}

/** `blake2_256("modlpy/utilisuba" ++ who ++ index)` */
export function derivativeAccount(who: string, index: number): string {
  const bytes = u8aConcat(stringToU8a('modlpy/utilisuba'), hexToU8a(who), [index & 0xff, index >> 8])
  return blake2AsHex(bytes, 256)
}
