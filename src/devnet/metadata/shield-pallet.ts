import { accountId, bytes, runtimeType, struct, u32 } from '../../../abi/shape'
import type { PalletSpec } from './pallet-spec'
import { variant } from './variant'

/** Since this spec the shield keeps calls for later (spec chain.md §1.3); before, nothing of it ran calls. */
const STORED_CALLS_SPEC = 397

const pending = struct({ who: accountId, encryptedCall: bytes, submittedAt: u32 }, [
  'pallet_shield',
  'PendingExtrinsic',
])

/** The part of the MEV shield that runs stored calls. Public source: `pallets/shield/src/lib.rs` of subtensor. */
export function shieldPallets(specVersion: number): PalletSpec[] {
  return specVersion < STORED_CALLS_SPEC ? [] : [shield]
}

const shield: PalletSpec = {
  name: 'MevShield',
  index: 30,
  calls: [variant(2, 'store_encrypted', { encryptedCall: bytes })],
  events: [
    variant(1, 'ExtrinsicStored', { index: u32, who: accountId }),
    variant(2, 'ExtrinsicDecodeFailed', { index: u32 }),
    variant(3, 'ExtrinsicDispatchFailed', { index: u32, error: runtimeType('DispatchError') }),
    variant(4, 'ExtrinsicDispatched', { index: u32 }),
  ],
  storage: [
    {
      name: 'PendingExtrinsics',
      modifier: 'Optional',
      hashers: ['Identity'],
      keys: [u32.scale],
      value: pending.scale,
    },
    { name: 'NextPendingExtrinsicIndex', modifier: 'Default', hashers: [], keys: [], value: u32.scale },
  ],
}
