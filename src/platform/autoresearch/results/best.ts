import type { Hex } from '../../../log/envelope'
import { draft, type PlatformDraft } from '../../core/platform-event'
import type { AcceptedResult } from '../rule-values'
import { comparatorNow, directionsOf } from '../tasks/task-rules'
import type { Occasion } from './verdict'

export interface NewStanding {
  /** All accepted results in the order of acceptance. */
  readonly results: readonly AcceptedResult[]
  readonly best: AcceptedResult | undefined
  readonly cause: string
  readonly delta: number | null
}

/** The event of a new best result or frontier; none when both are what they were. */
export function bestEvents(
  { state, rules, height, at }: Occasion,
  taskId: string,
  { results, best, cause, delta }: NewStanding,
): PlatformDraft[] {
  const standing = state.standings.get(taskId)
  const { record } = state.tasks.get(taskId)!
  const directions = directionsOf(record)
  const frontier = directions
    ? rules.paretoFrontier(results, directions).map(({ submissionId }) => submissionId)
    : null
  const before = standing?.best?.submissionId ?? null
  const after = best?.submissionId ?? null
  const isSameFrontier = (frontier ?? []).join() === (standing?.frontier ?? []).join()
  if (before === after && isSameFrontier) return []
  const payload = {
    taskId,
    previous: before,
    best: after,
    hotkey: after === null ? null : (state.submissions.get(after)!.account as Hex),
    metric: best?.metric ?? null,
    secondary: best?.secondary ?? null,
    delta,
    cause,
    ruleVersion: comparatorNow(state, rules, height, record).version,
    frontier,
    at,
  }
  return [draft('BestResultChanged', payload)]
}
