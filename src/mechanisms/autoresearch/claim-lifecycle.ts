export type ClaimStatus = 'active' | 'submitted' | 'cancelled' | 'expired'

/** A claim on a task, which admits one submission. Times are unix milliseconds. */
export interface TaskClaim {
  readonly hotkey: string
  readonly status: ClaimStatus
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

export type ClaimRefusal = 'not_owner' | 'expired' | 'cancelled' | 'already_submitted'

const MS_PER_MINUTE = 60_000

export function openClaim(hotkey: string, createdAtMs: number, minutes: number): TaskClaim {
  return { hotkey, status: 'active', createdAtMs, expiresAtMs: createdAtMs + minutes * MS_PER_MINUTE }
}

/** The claim as it stands at a time: an active one has expired at `expiresAtMs`, that moment included (spec §5, inferred). */
export function claimAt(claim: TaskClaim, nowMs: number): TaskClaim {
  return claim.status === 'active' && nowMs >= claim.expiresAtMs ? { ...claim, status: 'expired' } : claim
}

/** Submits against, or cancels, a claim: the claim afterwards, or why not. Only its owner may, and only while it is active. */
export function actOnClaim(
  claim: TaskClaim,
  action: 'submit' | 'cancel',
  hotkey: string,
  nowMs: number,
): TaskClaim | ClaimRefusal {
  if (hotkey !== claim.hotkey) return 'not_owner'
  const now = claimAt(claim, nowMs)
  if (now.status === 'expired' || now.status === 'cancelled') return now.status
  if (now.status === 'submitted') return 'already_submitted'
  return { ...now, status: action === 'submit' ? 'submitted' : 'cancelled' }
}
