import { addressOf } from '../../core/signatures'
import type { Policy } from '../rule-values'
import type { AutoresearchState, Job, Submission, Task } from '../state'
import { rfc3339 } from '../tasks/show-task'

/** A submission as clients read it. */
export const showSubmission = (submission: Submission) => ({
  id: submission.submissionId,
  claim_id: submission.claimId,
  task_id: submission.taskId,
  miner_hotkey: submission.hotkey,
  base_ref: submission.baseRef,
  base_commit_sha: submission.baseCommit,
  patch_sha256: submission.patch?.sha256 ?? null,
  patch_bytes: submission.patch?.bytes ?? 0,
  artifact_uri: submission.artifact?.uri ?? null,
  artifact_sha256: submission.artifact?.sha256 ?? null,
  artifact_size_bytes: submission.artifact?.bytes ?? null,
  summary: submission.summary,
  claimed_metrics: submission.claimedMetrics,
  proposed_idea: submission.idea,
  implemented_submission_id: submission.parent,
  status: submission.status,
  observed_metric: submission.metric,
  observed_secondary_metric: submission.secondary,
  reason_code: submission.reasonCode,
  reason: submission.reason,
  decided_by: submission.decidedBy,
  replay_spec_hash: submission.specHash,
  created_at: rfc3339(submission.createdAtMs),
  decided_at: submission.decidedAtMs === null ? null : rfc3339(submission.decidedAtMs),
})

/** A replay that was reported. */
export const showVerification = ({ jobId, submissionId, validator, attempt, result }: Job) => ({
  id: jobId,
  job_id: jobId,
  submission_id: submissionId,
  validator_hotkey: addressOf(validator),
  attempt,
  status: result!.status,
  reason_code: result!.reasonCode,
  observed_metrics: result!.observedMetrics,
  notes: result!.notes,
  replay_log_sha256: result!.log?.sha256 ?? null,
  lag_ms: result!.lagMs,
  created_at: rfc3339(result!.atMs),
})

/** A task's best result (spec autoresearch §8). */
export function showBest(
  { taskId, record }: Task,
  state: Readonly<AutoresearchState>,
  { version, noiseUnit, band }: Policy['comparator'],
) {
  const standing = state.standings.get(taskId)
  const best = standing?.best
  return {
    task_id: taskId,
    ranking_mode: record.ranking_mode,
    metric_name: record.metric_name,
    metric_direction: record.metric_direction,
    best_submission_id: best?.submissionId ?? null,
    miner_hotkey: best?.hotkey ?? null,
    metric_value: best?.metric ?? null,
    secondary_value: best?.secondary ?? null,
    artifact_bytes: best?.artifact_bytes ?? null,
    accepted_at: best ? rfc3339(state.submissions.get(best.submissionId)!.decidedAtMs!) : null,
    previous_best_submission_id: standing?.previous ?? null,
    comparator_version: standing?.ruleVersion || null,
    comparator: { version, noise_unit: noiseUnit, noise_band: band },
    frontier: standing?.frontier ?? [],
  }
}

export const showTimeline = (submission: Submission) =>
  submission.timeline.map(({ atMs, event, code, actor }) => ({
    at: rfc3339(atMs),
    event,
    reason_code: code,
    actor,
  }))
