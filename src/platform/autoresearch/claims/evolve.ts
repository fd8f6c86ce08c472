import type { PayloadOf } from '../../../log/catalogue'
import type { Hex } from '../../../log/envelope'
import { is, type PlatformEvent } from '../../core/platform-event'
import { addressOf } from '../../core/signatures'
import type { ClaimEntry, ClaimEpoch, ClaimsState } from './state'

/** Recipients, epochs, payments, challenges and vetoes. */
export function evolveClaims(state: ClaimsState, event: PlatformEvent): void {
  if (is(event, 'ClaimRecipientSet')) {
    const hotkey = addressOf(event.payload.hotkey as Hex)
    const before = state.recipients.get(hotkey)
    if (before !== undefined) state.byRecipient.delete(before.toLowerCase())
    state.recipients.set(hotkey, event.payload.recipient)
    state.byRecipient.set(event.payload.recipient.toLowerCase(), hotkey)
  } else if (is(event, 'EpochBuilt')) state.epochs.push(builtEpoch(event.payload))
  else if (is(event, 'EpochDiscarded')) change(state, event.payload.epoch, { status: 'discarded' })
  else if (is(event, 'EpochPublished')) {
    const { epoch, uri, block } = event.payload
    change(state, epoch, { status: 'published', uri, publishedAtBlock: block })
  } else if (is(event, 'ClaimProofServed')) {
    state.served.add(`${event.payload.epoch}/${addressOf(event.payload.hotkey as Hex)}`)
  } else if (is(event, 'ClaimPaid')) {
    state.paid.set(addressOf(event.payload.hotkey as Hex), BigInt(event.payload.cumulative))
  } else if (is(event, 'EpochChallenged')) {
    const { epoch, evidenceHash } = event.payload
    change(state, epoch, { status: 'challenged', evidenceHash })
  } else if (is(event, 'ChallengeResolved')) {
    const { epoch, slashed } = event.payload
    change(state, epoch, { status: slashed ? 'slashed' : 'published' })
  } else if (is(event, 'VetoChanged')) {
    if (event.payload.active) state.vetoes.add(event.payload.epoch)
    else state.vetoes.delete(event.payload.epoch)
  }
}

function change(
  state: ClaimsState,
  epoch: number,
  changes: Partial<Pick<ClaimEpoch, 'status' | 'uri' | 'publishedAtBlock' | 'evidenceHash'>>,
): void {
  const found = state.epochs.find((candidate) => candidate.epoch === epoch)
  if (found) Object.assign(found, changes)
}

function builtEpoch(payload: PayloadOf<'EpochBuilt'>): ClaimEpoch {
  const entries = payload.entries.map(
    ({ index, hotkey, recipient, cumulative, increment }): ClaimEntry => ({
      index,
      account: hotkey as Hex,
      hotkey: addressOf(hotkey as Hex),
      recipient,
      cumulative: BigInt(cumulative),
      increment: BigInt(increment),
    }),
  )
  const held = payload.held.map(
    ({ hotkey, cumulative }) => [addressOf(hotkey as Hex), BigInt(cumulative)] as const,
  )
  const totals = [...entries.map((entry) => [entry.hotkey, entry.cumulative] as const), ...held]
  return {
    epoch: payload.epoch,
    schemeId: payload.schemeId,
    laneId: payload.laneId,
    root: payload.root as Hex,
    total: BigInt(payload.total),
    budget: BigInt(payload.budget),
    increments: BigInt(payload.increments),
    carried: BigInt(payload.carried),
    allocation: payload.allocation,
    entries,
    byHotkey: new Map(entries.map((entry) => [entry.hotkey, entry])),
    amounts: {
      epoch: payload.epoch,
      amounts: new Map(totals.sort(([a], [b]) => (a < b ? -1 : 1))),
    },
    claimsSha256: payload.claimsSha256,
    builtAtMs: payload.at,
    status: 'built',
    uri: null,
    publishedAtBlock: null,
    evidenceHash: null,
    tree: undefined,
  }
}
