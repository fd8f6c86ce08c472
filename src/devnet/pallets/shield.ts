import { hexToU8a } from '@polkadot/util'
import type { BlockContext, Pallet, RuntimeCall } from './dispatch'
import { DispatchFailure, ensureSigned } from './dispatch'

interface Pending {
  readonly who: string
  readonly encryptedCall: string
  readonly submittedAt: number
}

const M = (item: string) => `MevShield.${item}`
const MAX_PENDING = 100
const MAX_CALL_BYTES = 8_192

/**
 * Calls that are stored now and run when the next block begins, in phase Initialization: nobody sees the call, only its
 * events. Nothing is encrypted: the decryptor of the real pallet is a stub so far (spec chain.md §5), here the bytes are
 * the SCALE call itself. Public source: `pallets/shield/src/lib.rs` of subtensor.
 */
export const shieldPallet: Pallet = {
  name: 'MevShield',
  onInitialize: runStored,
  calls: {
    store_encrypted(context, { encryptedCall }) {
      const who = ensureSigned(context)
      const { storage, height } = context
      if (storage.keys(M('PendingExtrinsics')).length >= MAX_PENDING) {
        throw new DispatchFailure('MevShield', 'TooManyPendingExtrinsics')
      }
      if (hexToU8a(encryptedCall).length > MAX_CALL_BYTES) throw new DispatchFailure('', 'Exhausted')
      const index = storage.get<number>(M('NextPendingExtrinsicIndex'))
      storage.put(M('NextPendingExtrinsicIndex'), [], index + 1)
      storage.put(M('PendingExtrinsics'), [index], { who, encryptedCall, submittedAt: height })
      context.deposit(M('ExtrinsicStored'), { index, who })
    },
  },
}

function runStored(context: BlockContext): void {
  const { storage } = context
  if (!storage.knows(M('PendingExtrinsics'))) return
  const waiting = storage.entries<[number], Pending>(M('PendingExtrinsics'))
  for (const [[index], { who, encryptedCall }] of waiting.sort(([[a]], [[b]]) => a - b)) {
    storage.remove(M('PendingExtrinsics'), index)
    const call = decoded(context, encryptedCall)
    if (!call) {
      context.deposit(M('ExtrinsicDecodeFailed'), { index })
      continue
    }
    const error = context.dispatch(call, { kind: 'Signed', account: who })
    if (error) context.deposit(M('ExtrinsicDispatchFailed'), { index, error })
    else context.deposit(M('ExtrinsicDispatched'), { index })
  }
}

function decoded(context: BlockContext, bytes: string): RuntimeCall | undefined {
  try {
    return context.decodeCall(bytes)
  } catch {
    return undefined
  }
}
