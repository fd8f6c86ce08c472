import type { Policy, ReplaySpec, TaskRules } from '../rule-values'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState } from '../state'
import type { TaskRecord } from './task-record'

/** What a decision needs of a task. */
export function rulesOf(record: TaskRecord): TaskRules {
  const { secondary_metric_name: name, secondary_metric_direction: direction } = record
  return {
    metricName: record.metric_name,
    metricDirection: record.metric_direction,
    rankingMode: record.ranking_mode,
    ...(name !== null && { secondaryMetricName: name }),
    ...(direction !== null && { secondaryMetricDirection: direction }),
    competitionMode: record.competition_mode,
    minPeerEvaluations: record.min_peer_evaluations,
  }
}

/** The two directions of a Pareto task; undefined for a scalar one. */
export function directionsOf(record: TaskRecord) {
  const { ranking_mode, metric_direction: primary, secondary_metric_direction: secondary } = record
  return ranking_mode === 'pareto' && secondary !== null ? { primary, secondary } : undefined
}

/** What validators replay: the task as it is now, at the commit that the miner pinned (spec autoresearch §6.1). */
export function replaySpec(
  record: TaskRecord,
  baseRef: string,
  baseCommit: string | null,
  env: Readonly<Record<string, string>>,
): ReplaySpec {
  return {
    repository: record.repository,
    base_ref: baseRef,
    base_commit_sha: baseCommit,
    setup_command: record.setup_command,
    benchmark_command: record.benchmark_command,
    result_path: record.result_path,
    allowed_patch_paths: record.allowed_patch_paths,
    metric_name: record.metric_name,
    metric_direction: record.metric_direction,
    ranking_mode: record.ranking_mode,
    secondary_metric_name: record.secondary_metric_name,
    secondary_metric_direction: record.secondary_metric_direction,
    validator_benchmark_env: env,
    time_budget_seconds: record.time_budget_seconds,
    max_patch_bytes: record.max_patch_bytes,
  }
}

/** How results of a task are compared at a block: by the policy, with the task's own band when it has one. */
export const comparatorNow = (
  state: AutoresearchState,
  rules: AutoresearchRules,
  height: number,
  { noise_unit: unit, noise_band: band }: TaskRecord,
): Policy['comparator'] =>
  rules.comparatorFor(
    { noiseUnit: unit ?? null, noiseBand: band ?? null },
    policyNow(state, rules, height).comparator,
  )

/** The policy that holds at a block; the default before the first one. */
export const policyNow = (state: AutoresearchState, rules: AutoresearchRules, height: number): Policy =>
  rules.policyAt(state.policies, height) ?? rules.defaultPolicy
