import type { Hex } from '../../../log/envelope'
import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { type Answer, done, refuse } from '../answer'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState } from '../state'
import { treeOfEpoch } from './decide-epoch'
import { type ClaimEntry, type ClaimEpoch, type ClaimsState, latestPublished } from './state'

/** What a claim of a hotkey out of an epoch would do now. */
export interface ClaimOutlook {
  readonly verdict: 'paid' | 'nothing_new' | 'below_minimum' | 'vetoed' | 'epoch_not_claimable'
  readonly delta: bigint
  readonly claimedBefore: bigint
  readonly claimedAfter: bigint
}

/** Dry run against the ledger: delta, minimum, veto, state of the epoch (spec autoresearch §10.1). */
export function outlookOf(
  merkle: ClaimsState,
  found: ClaimEpoch,
  { hotkey, cumulative }: ClaimEntry,
  minTransfer: bigint,
  rules: AutoresearchRules,
): ClaimOutlook {
  const claimedBefore = merkle.paid.get(hotkey) ?? 0n
  const claim = { hotkey, epoch: found.epoch, amount: cumulative, minTransfer }
  const run = rules.claims.dryRun(claim, claimedBefore)
  const blocked =
    found.status !== 'published' ? 'epoch_not_claimable' : merkle.vetoes.size > 0 ? 'vetoed' : null
  if (blocked) return { verdict: blocked, delta: run.delta, claimedBefore, claimedAfter: claimedBefore }
  return { ...run, claimedBefore }
}

export interface PaymentInput {
  readonly epoch: number
  readonly hotkey: string
  /** Siblings as they were presented; undefined: the stored ones. */
  readonly proof: readonly string[] | undefined
  readonly extrinsicHash: Hex | null
  /** What the chain said of a call that failed. */
  readonly chainError: string | null
}

/**
 * POST /claims/admin/payments: records a claim that went to the contract, as paid or as reverted with its reason. A proof that is
 * not that of the leaf is refused.
 */
export const recordPayment =
  (input: PaymentInput, minTransfer: bigint, rules: AutoresearchRules): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at }) => {
    const { merkle } = state
    const { epoch, extrinsicHash } = input
    const no = (status: number, code: string, reason: string, facts?: Readonly<Record<string, unknown>>) =>
      refuse(
        { command: 'claim-payment', subject: input.hotkey, status, code, reason, ...(facts && { facts }) },
        at,
      )
    const found = merkle.epochs.find((candidate) => candidate.epoch === epoch)
    if (!found) return no(404, 'epoch_not_found', 'There is no such epoch')
    const entry = found.byHotkey.get(input.hotkey)
    if (!entry) return no(404, 'claim_package_not_found', 'The epoch has no leaf of this hotkey')
    const fault = input.proof && treeOfEpoch(found, rules).proofFault(entry.index, input.proof)
    if (fault) return no(422, 'proof_invalid', 'The proof is not that of the leaf', { fault })
    const outlook = outlookOf(merkle, found, entry, minTransfer, rules)
    const { index, account: hotkey, recipient } = entry
    const cumulative = String(entry.cumulative)
    const common = {
      epoch,
      index,
      hotkey,
      recipient,
      cumulative,
      delta: String(outlook.delta),
      extrinsicHash,
      at,
    }
    const reason = input.chainError ?? (outlook.verdict === 'paid' ? null : outlook.verdict)
    if (reason !== null) {
      const body = { outcome: 'reverted', reason, delta_units: common.delta }
      return done(body, [draft('ClaimReverted', { ...common, reason })])
    }
    const published = String(latestPublished(merkle)?.amounts.amounts.get(input.hotkey) ?? entry.cumulative)
    const body = { outcome: 'paid', delta_units: common.delta, claimed_units: cumulative }
    return done(body, [draft('ClaimPaid', { ...common, published })])
  }
