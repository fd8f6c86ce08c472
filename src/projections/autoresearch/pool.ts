import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { accountOf, addRow, endRow, replaceRow, shown } from '../fold/event-rows'
import type { Projection, Sink } from '../fold/projection'
import { byteaOrNull } from '../fold/row-values'
import { FACTS, heldBy } from '../fold/table-rule'

const EPOCH = 'autoresearch_epoch'
const ENTRY = 'autoresearch_claim_entry'
const VETO = 'autoresearch_veto'
const PAYMENT = 'autoresearch_payment'
const BALANCE = 'autoresearch_balance'
const RECIPIENT = 'autoresearch_recipient'
const POLICY = 'autoresearch_reward_policy'

/** States of claim epochs, their leaves, and vetoes. */
export const autoresearchEpochs: Projection = {
  name: 'autoresearch_epochs',
  version: 1,
  log: 'platform',
  tables: {
    [EPOCH]: { ...heldBy('netuid', 'epoch'), hasOrdinal: true },
    [ENTRY]: { ...FACTS, hasOrdinal: true },
    [VETO]: { ...heldBy('netuid', 'epoch'), hasOrdinal: true },
  },
  apply(event, sink) {
    const status = STATUS[event.type]?.(event.payload)
    if (status) setEpoch(event, sink, status)
    if (event.type === 'EpochBuilt') {
      const { epoch, entries } = event.payload as PayloadOf<'EpochBuilt'>
      for (const { index, hotkey, recipient, cumulative, increment } of entries) {
        const row = { epoch, leaf_index: index, hotkey: accountOf(hotkey), recipient, cumulative, increment }
        addRow(sink, ENTRY, event, row, String(index))
      }
    } else if (event.type === 'VetoChanged') changeVeto(event, sink)
  },
}

const STATUS: Readonly<Record<string, (payload: unknown) => string>> = {
  EpochBuilt: () => 'built',
  EpochDiscarded: () => 'discarded',
  EpochPublished: () => 'published',
  EpochChallenged: () => 'challenged',
  ChallengeResolved: (payload) =>
    (payload as PayloadOf<'ChallengeResolved'>).slashed ? 'slashed' : 'published',
}

/** What an event says of its epoch; the leaves have rows of their own. */
function setEpoch(event: LogEvent, sink: Sink, status: string): void {
  const {
    epoch,
    at,
    entries: _entries,
    balances: _balances,
    ...detail
  } = event.payload as Record<string, unknown>
  const key = { epoch: epoch as number }
  replaceRow(sink, EPOCH, event, { key, reason: status }, { status, detail, changed_at: String(at) })
}

function changeVeto(event: LogEvent, sink: Sink): void {
  const { epoch, active, actor, reason, activeCount, at } = event.payload as PayloadOf<'VetoChanged'>
  if (!active) {
    endRow(sink, VETO, event, { epoch }, shown(reason))
    return
  }
  const row = {
    actor: shown(actor),
    reason: shown(reason),
    active_count: activeCount,
    changed_at: String(at),
  }
  replaceRow(sink, VETO, event, { key: { epoch }, reason: 'again' }, row)
}

/** Claims that were served, paid or reverted; what is published and paid of each hotkey. */
export const autoresearchPayments: Projection = {
  name: 'autoresearch_payments',
  version: 1,
  log: 'platform',
  tables: {
    [PAYMENT]: { ...FACTS, hasOrdinal: true },
    [BALANCE]: { ...heldBy('netuid', 'hotkey'), hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'ClaimPaid') {
      const { hotkey, published, cumulative, delta, at } = event.payload as PayloadOf<'ClaimPaid'>
      addPayment(event, sink, { outcome: 'paid', delta, reason: null })
      setBalance(event, sink, { hotkey, published, paid: cumulative }, at)
    } else if (event.type === 'ClaimReverted') {
      const { delta, reason } = event.payload as PayloadOf<'ClaimReverted'>
      addPayment(event, sink, { outcome: 'reverted', delta, reason: shown(reason) })
    } else if (event.type === 'ClaimProofServed') {
      addPayment(event, sink, { outcome: 'proof_served', delta: '0', reason: null })
    } else if (event.type === 'EpochPublished') {
      const { balances, at } = event.payload as PayloadOf<'EpochPublished'>
      for (const balance of balances) setBalance(event, sink, balance, at)
    }
  },
}

function addPayment(
  event: LogEvent,
  sink: Sink,
  row: { readonly outcome: string; readonly delta: string; readonly reason: string | null },
): void {
  const payload = event.payload as PayloadOf<'ClaimProofServed'> & { readonly extrinsicHash?: string | null }
  const { epoch, index, hotkey, recipient, cumulative, extrinsicHash, at } = payload
  addRow(sink, PAYMENT, event, {
    epoch,
    leaf_index: index,
    hotkey: accountOf(hotkey),
    recipient,
    cumulative,
    ...row,
    extrinsic_hash: byteaOrNull(extrinsicHash as `0x${string}` | null | undefined),
    recorded_at: String(at),
  })
}

function setBalance(
  event: LogEvent,
  sink: Sink,
  { hotkey, published, paid }: { readonly hotkey: string; readonly published: string; readonly paid: string },
  at: number,
): void {
  const outstanding = String(BigInt(published) - BigInt(paid))
  const held = { key: { hotkey: accountOf(hotkey) }, reason: 'changed', suffix: hotkey.slice(2) }
  replaceRow(sink, BALANCE, event, held, { published, paid, outstanding, changed_at: String(at) })
}

/** Where weights go by the operator's policy, and where claims go by each hotkey's word. */
export const autoresearchRewards: Projection = {
  name: 'autoresearch_rewards',
  version: 1,
  log: 'platform',
  tables: {
    [POLICY]: { ...heldBy('netuid'), hasOrdinal: true },
    [RECIPIENT]: { ...heldBy('netuid', 'hotkey'), hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'RewardPolicySet') {
      const { mode, targets, transitionStatus, origin, at } = event.payload as PayloadOf<'RewardPolicySet'>
      const row = { mode, targets, transition_status: transitionStatus, origin, set_at: String(at) }
      replaceRow(sink, POLICY, event, { key: {}, reason: 'replaced' }, row)
    } else if (event.type === 'ClaimRecipientSet') {
      const { hotkey, recipient, at } = event.payload as PayloadOf<'ClaimRecipientSet'>
      const key = { hotkey: accountOf(hotkey) }
      replaceRow(sink, RECIPIENT, event, { key, reason: 'changed' }, { recipient, set_at: String(at) })
    }
  },
}
