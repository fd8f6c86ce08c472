import { blake, callsOf, eventsOf, since, storageOf } from './item'
import { accountId, bytes, runtimeType, struct, u32, u64, u128, unit } from './shape'

const source = 'substrate/frame/system/src/lib.rs'
const event = eventsOf(source)

export const extrinsicSuccess = event(
  'System',
  'ExtrinsicSuccess',
  0,
  since(165, struct({ dispatchInfo: runtimeType('DispatchInfo') })),
)

export const extrinsicFailed = event(
  'System',
  'ExtrinsicFailed',
  1,
  since(
    165,
    struct({ dispatchError: runtimeType('DispatchError'), dispatchInfo: runtimeType('DispatchInfo') }),
  ),
)

/** The block that carries it still runs the old code; the next one runs the new. */
export const codeUpdated = event('System', 'CodeUpdated', 2, since(165, unit))

export const newAccount = event('System', 'NewAccount', 3, since(165, struct({ account: accountId })))

export const setCode = callsOf(source)('System', 'set_code', 2, since(165, struct({ code: bytes })))
export const setCodeWithoutChecks = callsOf(source)(
  'System',
  'set_code_without_checks',
  3,
  since(165, struct({ code: bytes })),
)
export const remark = callsOf(source)('System', 'remark', 0, since(165, struct({ remark: bytes })))

const accountData = struct({ free: u64, reserved: u64, frozen: u64, flags: u128 }, [
  'pallet_balances',
  'types',
  'AccountData',
])

/** An account that holds nothing: only the new-logic bit of pallet_balances is set in its flags. */
const emptyAccount = `0x${'00'.repeat(55)}80`

export const account = storageOf(source)(
  'System',
  'Account',
  'Default',
  [blake(accountId)],
  [
    since(
      165,
      struct({ nonce: u32, consumers: u32, providers: u32, sufficients: u32, data: accountData }, [
        'frame_system',
        'AccountInfo',
      ]),
    ),
  ],
  emptyAccount,
)
