/** A claim against the pool contract: the amount in a leaf is the running total of the hotkey (spec autoresearch §10.1). */
export interface CumulativeClaim {
  readonly hotkey: string
  /** Epoch of the package that is presented; older epochs may be presented after newer ones. */
  readonly epoch: number
  /** Running total, smallest units. */
  readonly amount: bigint
  /** Live minimum of a same-subnet stake transfer, smallest units. */
  readonly minTransfer: bigint
}

export type ClaimVerdict = 'paid' | 'nothing_new' | 'below_minimum'

export interface DryRun {
  readonly verdict: ClaimVerdict
  /** Total in the leaf less what was claimed before; negative for an older package. */
  readonly delta: bigint
  readonly claimedAfter: bigint
}

/**
 * What would happen if the claim were sent now: pays the difference to what was claimed before, nothing for an older or equal
 * total, and reverts below the live minimum (the contract's own error says nothing about the reason).
 */
export function dryRunClaim(claim: CumulativeClaim, claimedBefore: bigint): DryRun {
  const delta = claim.amount - claimedBefore
  if (delta <= 0n) return { verdict: 'nothing_new', delta, claimedAfter: claimedBefore }
  if (delta < claim.minTransfer) return { verdict: 'below_minimum', delta, claimedAfter: claimedBefore }
  return { verdict: 'paid', delta, claimedAfter: claim.amount }
}
