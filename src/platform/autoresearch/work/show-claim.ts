import type { Claim } from '../state'
import { rfc3339 } from '../tasks/show-task'

const MS_PER_SECOND = 1_000
const DISCLAIMER = { code: 'no_reward_guarantee', version: 1 }

/** A claim as clients read it at a time (ms since the Unix epoch). */
export function showClaim(claim: Claim, nowMs: number) {
  const { status, expiresAtMs } = claim
  const hasExpired = status === 'active' && nowMs >= expiresAtMs
  const isOpen = status === 'active' && !hasExpired
  return {
    id: claim.claimId,
    task_id: claim.taskId,
    miner_hotkey: claim.hotkey,
    claim_description: claim.description,
    base_submission_id: claim.baseSubmissionId,
    status: hasExpired ? 'expired' : status,
    created_at: rfc3339(claim.createdAtMs),
    updated_at: rfc3339(hasExpired ? expiresAtMs : claim.updatedAtMs),
    expires_at: rfc3339(expiresAtMs),
    remaining_seconds: isOpen ? Math.ceil((expiresAtMs - nowMs) / MS_PER_SECOND) : 0,
    participation_disclaimer: DISCLAIMER,
  }
}
