import { callsOf, eventsOf, since } from './item'
import { accountId, compact, struct, u64 } from './shape'
import { multiAddress } from './wrappers'

const source = 'substrate/frame/balances/src/lib.rs'
const event = eventsOf(source)

/** Amounts in rao. */
export const withdraw = event('Balances', 'Withdraw', 8, since(165, struct({ who: accountId, amount: u64 })))
export const deposit = event('Balances', 'Deposit', 7, since(165, struct({ who: accountId, amount: u64 })))
export const endowed = event(
  'Balances',
  'Endowed',
  0,
  since(165, struct({ account: accountId, freeBalance: u64 })),
)
export const transfer = event(
  'Balances',
  'Transfer',
  2,
  since(165, struct({ from: accountId, to: accountId, amount: u64 })),
)
export const transferKeepAlive = callsOf(source)(
  'Balances',
  'transfer_keep_alive',
  3,
  since(165, struct({ dest: multiAddress, value: compact(u64) })),
)
export const transferAllowDeath = callsOf(source)(
  'Balances',
  'transfer_allow_death',
  0,
  since(165, struct({ dest: multiAddress, value: compact(u64) })),
)

export const transactionFeePaid = eventsOf('substrate/frame/transaction-payment/src/lib.rs')(
  'TransactionPayment',
  'TransactionFeePaid',
  0,
  since(165, struct({ who: accountId, actualFee: u64, tip: u64 })),
)
