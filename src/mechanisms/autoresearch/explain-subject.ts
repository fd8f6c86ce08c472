import type { AcceptedResult } from './best-result'
import { type AutoresearchView, decide } from './decide'
import { explainBest } from './explain'
import type { AutoresearchPolicy } from './policy'
import type { Direction } from './task'
import { comparatorFor, type TaskImprovement } from './task-comparator'

/** A task's accepted results in the order of acceptance. */
export interface TaskStanding extends TaskImprovement {
  readonly taskId: string
  readonly slug: string
  readonly direction: Direction
  readonly secondaryDirection: Direction | null
  readonly results: readonly AcceptedResult[]
}

export type ExplainedView = AutoresearchView & { readonly tasks: readonly TaskStanding[] }

/** A submission's verdict with all that was reported about it. */
export interface JudgedSubmission {
  readonly submissionId: string
  readonly taskId: string
  readonly status: string
  readonly reasonCode: string | null
  readonly reason: string | null
}

export interface AboutMiner {
  readonly hotkey: string
  readonly submissions: readonly JudgedSubmission[]
  readonly balance: unknown
}

/**
 * Why a miner, or one submission of it, won or lost: each verdict with its reason code and what was observed, the comparison with
 * the best in the noise unit, and what weights and claim pool give. Null for whoever has no part in the subnet.
 */
export function explainSubject(
  view: ExplainedView,
  policy: AutoresearchPolicy,
  { hotkey, submissions, balance }: AboutMiner,
): unknown {
  const uid = Object.entries(view.metagraph.hotkeys).find(([, holder]) => holder === hotkey)?.[0]
  if (submissions.length === 0 && balance === null && uid === undefined) return null
  const { outcome, weights, evidence } = decide(view, policy)
  return {
    hotkey,
    comparatorVersion: policy.comparator.version,
    weight: {
      uid: uid === undefined ? null : Number(uid),
      share: weights.find((weight) => weight.hotkey === hotkey)?.share ?? 0,
      outcome,
      reason: evidence.reason,
    },
    balance,
    results: submissions.map((submission) => ({ ...submission, ...standingOf(view, policy, submission) })),
  }
}

/** Where an accepted submission stands; for the others there is no comparison, their reason says all. */
function standingOf(
  { tasks }: ExplainedView,
  policy: AutoresearchPolicy,
  { submissionId, taskId, status }: JudgedSubmission,
) {
  const task = tasks.find((one) => one.taskId === taskId)
  if (!task) return { task: null, isBest: false }
  if (status !== 'accepted') return { task: task.slug, isBest: false }
  const { results, direction, secondaryDirection } = task
  const pareto = secondaryDirection ? { primary: direction, secondary: secondaryDirection } : undefined
  const comparator = comparatorFor(task, policy.comparator)
  return { task: task.slug, ...explainBest(results, submissionId, direction, comparator, pareto) }
}
