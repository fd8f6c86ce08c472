import type { ComparatorPolicy } from './policy'
import type { Direction } from './task'

/** An accepted result as the comparison sees it. */
export interface AcceptedResult {
  readonly submissionId: string
  readonly hotkey: string
  readonly metric: number
  readonly secondary?: number
  readonly artifact_bytes?: number
  readonly runtime_ms?: number
  readonly memory_bytes?: number
}

export interface Comparison {
  readonly wins: boolean
  readonly cause:
    | 'first'
    | 'quality'
    | 'worse'
    | 'no_tie_break'
    | 'worse_inside_band'
    | 'secondary'
    | ComparatorPolicy['tieBreaks'][number]
  /** How much better the candidate is in the policy's noise unit; negative when worse, null without an incumbent. */
  readonly delta: number | null
  /** What is still missing to win by quality alone; 0 when it does. */
  readonly missing: number
  readonly comparatorVersion: string
}

/**
 * Candidate against the sitting best: better by more than the band wins; inside the band the tie-breaks decide, on Pareto tasks the
 * second metric before all of them; equal keeps the earlier (spec autoresearch §8; vector bitsota-best-result).
 * @param secondaryDirection of a Pareto task
 */
export function compareResults(
  incumbent: AcceptedResult | undefined,
  candidate: AcceptedResult,
  direction: Direction,
  policy: ComparatorPolicy,
  secondaryDirection?: Direction,
): Comparison {
  const comparatorVersion = policy.version
  if (!incumbent) return { wins: true, cause: 'first', delta: null, missing: 0, comparatorVersion }
  const delta = gain(incumbent.metric, candidate.metric, direction, policy.noiseUnit)
  const missing = Math.max(0, policy.band - delta)
  const verdict = (wins: boolean, cause: Comparison['cause']) => ({
    wins,
    cause,
    delta,
    missing,
    comparatorVersion,
  })
  if (delta > policy.band) return verdict(true, 'quality')
  if (!(delta >= -policy.band)) return verdict(false, 'worse')
  if (delta < 0 && !policy.acceptsWorseInsideBand) return verdict(false, 'worse_inside_band')
  const second = secondaryDirection && secondGain(incumbent, candidate, secondaryDirection)
  if (second) return verdict(second > 0, 'secondary')
  for (const field of policy.tieBreaks) {
    const [before, after] = [incumbent[field], candidate[field]]
    if (before === undefined || after === undefined || before === after) continue
    return verdict(after < before, field)
  }
  return verdict(false, 'no_tie_break')
}

/** By how much the second metric is better; undefined when one of both has none. */
function secondGain(
  { secondary: before }: AcceptedResult,
  { secondary: after }: AcceptedResult,
  direction: Direction,
): number | undefined {
  if (before === undefined || after === undefined) return undefined
  return gain(before, after, direction, 'absolute')
}

/** Positive when the candidate is better. Logarithms of values that are not positive give NaN, which never wins. */
export function gain(
  incumbent: number,
  candidate: number,
  direction: Direction,
  unit: ComparatorPolicy['noiseUnit'],
): number {
  const scale = (value: number) => (unit === 'absolute' ? value : value > 0 ? Math.log(value) : Number.NaN)
  const [a, b] = [scale(incumbent), scale(candidate)]
  return direction === 'minimize' ? a - b : b - a
}

/** The best of results in order of acceptance, with every comparison made on the way. */
export function bestOf(
  results: readonly AcceptedResult[],
  direction: Direction,
  policy: ComparatorPolicy,
  secondaryDirection?: Direction,
): {
  readonly best?: AcceptedResult
  readonly comparisons: readonly (Comparison & { readonly submissionId: string })[]
} {
  let best: AcceptedResult | undefined
  const comparisons = results.map((candidate) => {
    const comparison = compareResults(best, candidate, direction, policy, secondaryDirection)
    if (comparison.wins) best = candidate
    return { submissionId: candidate.submissionId, ...comparison }
  })
  return { ...(best ? { best } : {}), comparisons }
}
