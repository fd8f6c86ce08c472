import type { AcceptedResult } from './best-result'
import type { Direction } from './task'

export interface ParetoDirections {
  readonly primary: Direction
  readonly secondary: Direction
}

/** `a` is nowhere worse than `b`. */
function covers(a: AcceptedResult, b: AcceptedResult, directions: ParetoDirections): boolean {
  const notWorse = (x: number, y: number, direction: Direction) =>
    direction === 'minimize' ? x <= y : x >= y
  return (
    notWorse(a.metric, b.metric, directions.primary) &&
    notWorse(a.secondary ?? Number.NaN, b.secondary ?? Number.NaN, directions.secondary)
  )
}

/** The frontier after a candidate: it enters unless somebody is nowhere worse (a tie keeps the earlier), and evicts whom it covers. */
export function admit(
  frontier: readonly AcceptedResult[],
  candidate: AcceptedResult,
  directions: ParetoDirections,
): readonly AcceptedResult[] {
  if (candidate.secondary === undefined || frontier.some((member) => covers(member, candidate, directions)))
    return frontier
  return [...frontier.filter((member) => !covers(candidate, member, directions)), candidate]
}

/** The frontier of results in order of acceptance. */
export function paretoFrontier(
  results: readonly AcceptedResult[],
  directions: ParetoDirections,
): readonly AcceptedResult[] {
  return results.reduce<readonly AcceptedResult[]>(
    (frontier, result) => admit(frontier, result, directions),
    [],
  )
}

/** Who covers a result that is not on the frontier: why it is not the best. */
export function coveredBy(
  result: AcceptedResult,
  frontier: readonly AcceptedResult[],
  directions: ParetoDirections,
): readonly AcceptedResult[] {
  return frontier.filter(
    (member) => member.submissionId !== result.submissionId && covers(member, result, directions),
  )
}
