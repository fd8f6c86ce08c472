import { callsOf, eventsOf, since } from './item'
import {
  accountId,
  bytes,
  compact,
  fixedBytes,
  option,
  runtimeType,
  type Shape,
  sequence,
  struct,
  u16,
  u32,
  u64,
  unit,
  variant,
} from './shape'

const utility = 'substrate/frame/utility/src/lib.rs'
const proxySource = 'substrate/frame/proxy/src/lib.rs (pallets/proxy since 346)'
const multisig = 'substrate/frame/multisig/src/lib.rs'
const sudoSource = 'substrate/frame/sudo/src/lib.rs'

const innerCall = runtimeType('RuntimeCall')
const error = runtimeType('DispatchError')

export type DispatchResult = { readonly __kind: 'Ok' } | { readonly __kind: 'Err'; readonly value: unknown }

/** The runtime's `Result<(), DispatchError>`. */
export const dispatchResult = variant<DispatchResult>(['Result'], {
  Ok: { index: 0, shape: unit },
  Err: { index: 1, shape: error },
})

export type MultiAddress =
  | { readonly __kind: 'Id' | 'Raw' | 'Address32' | 'Address20'; readonly value: string }
  | { readonly __kind: 'Index'; readonly value: null }

export const multiAddress: Shape<MultiAddress> = variant(['sp_runtime', 'multiaddress', 'MultiAddress'], {
  Id: { index: 0, shape: accountId },
  Index: { index: 1, shape: compact(unit) },
  Raw: { index: 2, shape: bytes },
  Address32: { index: 3, shape: fixedBytes(32) },
  Address20: { index: 4, shape: fixedBytes(20) },
})

export const weight = struct({ refTime: compact(u64), proofSize: compact(u64) }, [
  'sp_weights',
  'weight_v2',
  'Weight',
])
const timepoint = struct({ height: u32, index: u32 }, ['pallet_multisig', 'Timepoint'])

const calls = struct({ calls: sequence(innerCall) })
export const batch = callsOf(utility)('Utility', 'batch', 0, since(165, calls))
export const batchAll = callsOf(utility)('Utility', 'batch_all', 2, since(165, calls))
export const forceBatch = callsOf(utility)('Utility', 'force_batch', 4, since(165, calls))
export const asDerivative = callsOf(utility)(
  'Utility',
  'as_derivative',
  1,
  since(165, struct({ index: u16, call: innerCall })),
)
/** Which branch ran is told by events only, and Subsquid does not look inside. */
export const ifElse = callsOf(utility)(
  'Utility',
  'if_else',
  6,
  since(346, struct({ main: innerCall, fallback: innerCall })),
)

const utilityEvent = eventsOf(utility)
export const batchInterrupted = utilityEvent(
  'Utility',
  'BatchInterrupted',
  0,
  since(165, struct({ index: u32, error })),
)
export const batchCompleted = utilityEvent('Utility', 'BatchCompleted', 1, since(165, unit))
export const batchCompletedWithErrors = utilityEvent(
  'Utility',
  'BatchCompletedWithErrors',
  2,
  since(165, unit),
)
export const itemCompleted = utilityEvent('Utility', 'ItemCompleted', 3, since(165, unit))
export const itemFailed = utilityEvent('Utility', 'ItemFailed', 4, since(165, struct({ error })))
export const ifElseMainSuccess = utilityEvent('Utility', 'IfElseMainSuccess', 6, since(346, unit))
export const ifElseFallbackCalled = utilityEvent(
  'Utility',
  'IfElseFallbackCalled',
  7,
  since(346, struct({ mainError: error })),
)

const proxyKinds = [
  'Any',
  'Owner',
  'NonCritical',
  'NonTransfer',
  'Senate',
  'NonFungible',
  'Triumvirate',
  'Governance',
  'Staking',
  'Registration',
  'Transfer',
  'SmallTransfer',
  'RootWeights',
  'ChildKeys',
  'SudoUncheckedSetCode',
  'SwapHotkey',
  'SubnetLeaseBeneficiary',
  'RootClaim',
]

/** Only Subsquid reads it, and it grew over time: decoding leaves it open, the devnet gets today's list. */
const proxyType: Shape<unknown> = {
  sts: innerCall.sts,
  scale: variant(
    ['subtensor_runtime_common', 'ProxyType'],
    Object.fromEntries(proxyKinds.map((name, index) => [name, { index }])),
  ).scale,
}

export const proxy = callsOf(proxySource)(
  'Proxy',
  'proxy',
  0,
  since(165, struct({ real: multiAddress, forceProxyType: option(proxyType), call: innerCall })),
)
export const addProxy = callsOf(proxySource)(
  'Proxy',
  'add_proxy',
  1,
  since(165, struct({ delegate: multiAddress, proxyType, delay: u32 })),
)
export const proxyExecuted = eventsOf(proxySource)(
  'Proxy',
  'ProxyExecuted',
  0,
  since(165, struct({ result: dispatchResult })),
)

export const asMulti = callsOf(multisig)(
  'Multisig',
  'as_multi',
  1,
  since(
    165,
    struct({
      threshold: u16,
      otherSignatories: sequence(accountId),
      maybeTimepoint: option(timepoint),
      call: innerCall,
      maxWeight: weight,
    }),
  ),
)
export const asMultiThreshold1 = callsOf(multisig)(
  'Multisig',
  'as_multi_threshold_1',
  0,
  since(165, struct({ otherSignatories: sequence(accountId), call: innerCall })),
)
export const newMultisig = eventsOf(multisig)(
  'Multisig',
  'NewMultisig',
  0,
  since(165, struct({ approving: accountId, multisig: accountId, callHash: fixedBytes(32) })),
)
export const multisigExecuted = eventsOf(multisig)(
  'Multisig',
  'MultisigExecuted',
  2,
  since(
    165,
    struct({
      approving: accountId,
      timepoint,
      multisig: accountId,
      callHash: fixedBytes(32),
      result: dispatchResult,
    }),
  ),
)

export const sudo = callsOf(sudoSource)('Sudo', 'sudo', 0, since(165, struct({ call: innerCall })))
export const sudoUncheckedWeight = callsOf(sudoSource)(
  'Sudo',
  'sudo_unchecked_weight',
  1,
  since(165, struct({ call: innerCall, weight })),
)
export const sudoAs = callsOf(sudoSource)(
  'Sudo',
  'sudo_as',
  3,
  since(165, struct({ who: multiAddress, call: innerCall })),
)
export const sudid = eventsOf(sudoSource)(
  'Sudo',
  'Sudid',
  0,
  since(165, struct({ sudoResult: dispatchResult })),
)
export const sudoAsDone = eventsOf(sudoSource)(
  'Sudo',
  'SudoAsDone',
  3,
  since(165, struct({ sudoResult: dispatchResult })),
)
