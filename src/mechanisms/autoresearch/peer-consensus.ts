import { median } from '../median'

export interface PeerEvaluation {
  readonly evaluator: string
  readonly status: 'accepted' | 'rejected' | 'error'
  /** Observed metric of an accepted evaluation. */
  readonly metric?: number
}

export interface PeerTally {
  readonly accepted: number
  readonly rejected: number
  /** Metrics of accepted evaluations, in order of arrival. */
  readonly metrics: readonly number[]
  readonly evaluators: readonly string[]
  /** Reached once; later evaluations change nothing. */
  readonly final:
    | { readonly status: 'accepted'; readonly metric: number }
    | { readonly status: 'rejected' }
    | null
}

export const NO_PEERS: PeerTally = { accepted: 0, rejected: 0, metrics: [], evaluators: [], final: null }

export type PeerRefusal = 'own_submission' | 'already_evaluated' | 'already_final' | 'metric_missing'

/**
 * Adds one evaluation. The side that first reaches the quorum decides; the metric is the median of the accepted ones; errors count
 * for neither side; nobody evaluates twice or their own work (spec autoresearch §8; invariant 7).
 */
export function addPeer(
  tally: PeerTally,
  evaluation: PeerEvaluation,
  author: string,
  quorum: number,
): PeerTally | PeerRefusal {
  if (tally.final) return 'already_final'
  if (evaluation.evaluator === author) return 'own_submission'
  if (tally.evaluators.includes(evaluation.evaluator)) return 'already_evaluated'
  if (evaluation.status === 'accepted' && !Number.isFinite(evaluation.metric)) return 'metric_missing'
  const metrics = evaluation.status === 'accepted' ? [...tally.metrics, evaluation.metric!] : tally.metrics
  const accepted = metrics.length
  const rejected = tally.rejected + (evaluation.status === 'rejected' ? 1 : 0)
  const final =
    accepted >= quorum
      ? { status: 'accepted' as const, metric: median(metrics) }
      : rejected >= quorum
        ? { status: 'rejected' as const }
        : null
  return { accepted, rejected, metrics, evaluators: [...tally.evaluators, evaluation.evaluator], final }
}
