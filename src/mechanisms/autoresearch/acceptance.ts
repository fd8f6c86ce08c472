import { median } from '../median'
import { addPeer, NO_PEERS, type PeerEvaluation, type PeerTally } from './peer-consensus'
import type { AutoresearchPolicy } from './policy'
import type { TaskRules } from './task'

/** One validator's replay result, in order of arrival. */
export interface ReplayResult {
  readonly jobId: string
  readonly validator: string
  readonly status: 'accepted' | 'rejected' | 'error'
  readonly metric?: number
  readonly reason?: string
}

/** A submission and all that was reported about it. Claimed metrics are not among it: they never decide (invariant 2). */
export interface SubmissionRecord {
  readonly author: string
  readonly results: readonly ReplayResult[]
  readonly peers: readonly PeerEvaluation[]
}

export type Acceptance =
  | { readonly status: 'pending_verification' }
  | { readonly status: 'accepted'; readonly metric: number; readonly decidedBy: string }
  | { readonly status: 'rejected'; readonly reason: string; readonly decidedBy: string }

/** The state of a submission under its task's mode (spec autoresearch §8). Errors decide nothing and may be replayed. */
export function acceptance(
  record: SubmissionRecord,
  task: TaskRules,
  policy: AutoresearchPolicy,
): Acceptance {
  if (task.competitionMode === 'peer_evaluation') return byPeers(record, task.minPeerEvaluations)
  return policy.standardRule === 'median'
    ? byMedian(record.results, policy.medianMinResults)
    : byFirst(record.results)
}

function byFirst(results: readonly ReplayResult[]): Acceptance {
  const first = results.find((result) => result.status === 'rejected' || isAccepted(result))
  if (!first) return { status: 'pending_verification' }
  if (first.status === 'accepted')
    return { status: 'accepted', metric: first.metric!, decidedBy: first.validator }
  return { status: 'rejected', reason: first.reason ?? 'rejected by replay', decidedBy: first.validator }
}

function byMedian(results: readonly ReplayResult[], needed: number): Acceptance {
  const accepted = results.filter(isAccepted)
  const rejected = results.filter((result) => result.status === 'rejected')
  const by = (list: readonly ReplayResult[]) => list.map((result) => result.validator).join(',')
  if (accepted.length >= needed) {
    return {
      status: 'accepted',
      metric: median(accepted.map((result) => result.metric!)),
      decidedBy: by(accepted),
    }
  }
  if (rejected.length < needed) return { status: 'pending_verification' }
  return { status: 'rejected', reason: rejected[0]!.reason ?? 'rejected by replay', decidedBy: by(rejected) }
}

function isAccepted(result: ReplayResult): boolean {
  return result.status === 'accepted' && Number.isFinite(result.metric)
}

function byPeers({ author, peers }: SubmissionRecord, quorum: number): Acceptance {
  let tally: PeerTally = NO_PEERS
  for (const evaluation of peers) {
    const next = addPeer(tally, evaluation, author, quorum)
    if (typeof next !== 'string') tally = next
  }
  const decidedBy = tally.evaluators.join(',')
  if (!tally.final) return { status: 'pending_verification' }
  if (tally.final.status === 'accepted') return { ...tally.final, decidedBy }
  return { status: 'rejected', reason: `${tally.rejected} of ${quorum} peers rejected`, decidedBy }
}
