import type { Backing } from '../rules'
import type { AutoresearchState, Submission } from '../state'

/** What stands behind a hotkey's claims: of its accepted submissions the one that most validators or peers confirmed. */
export function backingOf(state: Readonly<AutoresearchState>): ReadonlyMap<string, Backing> {
  const found = new Map<string, Backing>()
  for (const submission of state.submissions.values()) {
    if (submission.status !== 'accepted') continue
    const own = confirmed(submission)
    const known = found.get(submission.hotkey)
    if (!known || own.acceptedCount > known.acceptedCount) found.set(submission.hotkey, own)
  }
  return found
}

function confirmed({ results, peers }: Submission): Backing {
  const counting = results.filter(({ status }) => status !== 'error')
  const accepted = new Set(counting.filter(({ status }) => status === 'accepted').map((r) => r.validator))
  const committee = new Set(counting.map((result) => result.validator))
  return {
    selfValidation: 'accepted',
    acceptedCount: accepted.size + peers.accepted,
    committeeSize: committee.size + peers.accepted + peers.rejected,
  }
}
