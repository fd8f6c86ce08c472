import type { AutoresearchRules } from '../rules'
import type { AutoresearchState } from '../state'
import { rfc3339 } from '../tasks/show-task'
import { policyNow } from '../tasks/task-rules'
import { ideasOf } from '../work/decide-submission'

const MS_PER_SECOND = 1_000

/** A task that stands in the snapshot: shown while it is not closed. */
export const isListed = ({
  state,
  record,
}: {
  readonly state: string
  readonly record: { is_active: boolean }
}) => state !== 'closed' && record.is_active

/**
 * The reward snapshot of the log as it stands (spec autoresearch §9). Its time is that of the block which the newest event is tied
 * to, so the same log gives the same bytes on any machine at any time (invariant 13).
 */
export function snapshotOf(state: Readonly<AutoresearchState>, rules: AutoresearchRules) {
  const tasks = [...state.tasks.values()].filter(isListed)
  const best = tasks.flatMap((task) => {
    const standing = state.standings.get(task.taskId)
    if (!standing?.best) return []
    const { submissionId, hotkey, metric } = standing.best
    const { acceptedAtHeight } = state.submissions.get(submissionId)!
    const { ruleVersion: comparatorVersion } = standing
    return [
      {
        taskSlug: task.record.slug,
        submissionId,
        hotkey,
        metric,
        acceptedAtHeight: acceptedAtHeight!,
        comparatorVersion,
      },
    ]
  })
  const whole = Math.floor(state.blockTimeMs / MS_PER_SECOND) * MS_PER_SECOND
  return rules.rewardSnapshot(
    {
      generatedAt: rfc3339(whole).replace('.000Z', 'Z'),
      competitions: tasks.map(({ record }) => ({
        slug: record.slug,
        competitionMode: record.competition_mode,
        scoringMode: record.scoring_mode,
        rewardScope: record.reward_scope,
        weight: record.competition_weight,
      })),
      weightPolicy: state.rewardPolicy ?? { mode: 'local', targets: [] },
      best,
      ideas: [...state.byTask.keys()].flatMap((taskId) => rules.ideaRewards(ideasOf(state as never, taskId))),
    },
    policyNow(state as never, rules, state.height),
  )
}
