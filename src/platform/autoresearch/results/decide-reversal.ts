import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { type Answer, done, refuse } from '../answer'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState } from '../state'
import { ADMIN } from '../tasks/decide-task'
import { comparatorNow, directionsOf } from '../tasks/task-rules'
import { bestEvents } from './best'

/** POST /submissions/{id}/reverse: the one way from accepted to rejected, with a reason (invariant 4). */
export const reverseSubmission =
  (submissionId: string, reason: string, rules: AutoresearchRules): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at, height }) => {
    const no = (status: number, code: string, why: string) =>
      refuse({ command: 'reverse', status, code, reason: why, subject: submissionId }, at)
    const submission = state.submissions.get(submissionId)
    if (!submission) return no(404, 'submission_not_found', 'There is no such submission')
    const { status: from, taskId } = submission
    if (from !== 'accepted') return no(409, 'not_accepted', 'Only an accepted submission can be reversed')
    const payload = {
      submissionId,
      taskId,
      hotkey: submission.account,
      from,
      to: 'rejected' as const,
      reason,
      actor: ADMIN,
      at,
    }
    const standing = state.standings.get(taskId)
    const results = (standing?.results ?? []).filter((result) => result.submissionId !== submissionId)
    const { record } = state.tasks.get(taskId)!
    const comparator = comparatorNow(state, rules, height, record)
    const { best } = rules.bestOf(
      results,
      record.metric_direction,
      comparator,
      directionsOf(record)?.secondary,
    )
    const changes = bestEvents({ state, rules, height, at }, taskId, {
      results,
      best,
      cause: 'reversal',
      delta: null,
    })
    const body = { id: submissionId, status: 'rejected', reason }
    return done(body, [draft('SubmissionReversed', payload), ...changes])
  }
