import type { ClaimEpoch } from './epoch'
import { toHex } from './hex'

/** What stands behind one claim: the committee that validated the work (spec autoresearch §10.3). */
export interface ClaimBacking {
  readonly selfValidation: string
  readonly acceptedCount: number
  readonly committeeSize: number
}

export interface PublishPolicy {
  readonly minAccepted: number
  readonly minCommittee: number
}

export const DEFAULT_PUBLISH_POLICY: PublishPolicy = { minAccepted: 3, minCommittee: 3 }

export type GateFault =
  | {
      readonly reason: 'not_self_validated' | 'too_few_accepted' | 'committee_too_small' | 'no_backing'
      readonly index: number
    }
  | {
      readonly reason: 'root_differs' | 'total_differs'
      readonly declared: string
      readonly computed: string
    }

/** Whether an epoch may be published: each claim is backed, and the declared root and total equal the recomputed ones. */
export function publishGate(
  epoch: ClaimEpoch,
  backing: readonly (ClaimBacking | undefined)[],
  declared: { readonly root: string; readonly total: bigint },
  policy: PublishPolicy = DEFAULT_PUBLISH_POLICY,
): GateFault[] {
  const faults: GateFault[] = []
  for (const { index } of epoch.claims) {
    const own = backing[index]
    if (!own) faults.push({ reason: 'no_backing', index })
    else if (own.selfValidation !== 'accepted') faults.push({ reason: 'not_self_validated', index })
    else if (own.acceptedCount < policy.minAccepted) faults.push({ reason: 'too_few_accepted', index })
    else if (own.committeeSize < policy.minCommittee) faults.push({ reason: 'committee_too_small', index })
  }
  const root = toHex(epoch.tree.root)
  if (declared.root.toLowerCase() !== root)
    faults.push({ reason: 'root_differs', declared: declared.root, computed: root })
  if (declared.total !== epoch.total) {
    faults.push({ reason: 'total_differs', declared: String(declared.total), computed: String(epoch.total) })
  }
  return faults
}
