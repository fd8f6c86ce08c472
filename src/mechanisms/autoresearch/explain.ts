import { type AcceptedResult, bestOf, type Comparison, compareResults } from './best-result'
import { coveredBy, type ParetoDirections, paretoFrontier } from './pareto'
import type { ComparatorPolicy } from './policy'
import type { Direction } from './task'

export interface BestExplanation {
  readonly submissionId: string
  readonly isBest: boolean
  /** The comparison that decided about it, against whoever was best then; null when it is unknown. */
  readonly comparison: Comparison | null
  /** Against today's best: what is missing in the noise unit. */
  readonly missingToday: number | null
  readonly best: string | null
  /** Pareto tasks: who is nowhere worse. */
  readonly coveredBy: readonly string[]
}

/** Why a result is, or is not, the best of its task. Results are in order of acceptance. */
export function explainBest(
  results: readonly AcceptedResult[],
  submissionId: string,
  direction: Direction,
  policy: ComparatorPolicy,
  pareto?: ParetoDirections,
): BestExplanation {
  const { best, comparisons } = bestOf(results, direction, policy, pareto?.secondary)
  const own = results.find((result) => result.submissionId === submissionId)
  const comparison = comparisons.find((entry) => entry.submissionId === submissionId) ?? null
  const isBest = best?.submissionId === submissionId
  const today =
    own && best && !isBest ? compareResults(best, own, direction, policy, pareto?.secondary) : null
  const covering = own && pareto ? coveredBy(own, paretoFrontier(results, pareto), pareto) : []
  return {
    submissionId,
    isBest,
    comparison,
    missingToday: today?.missing ?? (isBest ? 0 : null),
    best: best?.submissionId ?? null,
    coveredBy: covering.map((member) => member.submissionId),
  }
}
