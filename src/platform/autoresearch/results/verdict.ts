import { draft, type PlatformDraft } from '../../core/platform-event'
import type { Acceptance, AcceptedResult, SubmissionRecord } from '../rule-values'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState, Submission, SubmissionStatus } from '../state'
import { comparatorNow, directionsOf, policyNow, rulesOf } from '../tasks/task-rules'
import { bestEvents } from './best'

/** Replays that end in errors, without any other, after which a submission is given up. */
const ERRORS_MAX = 3

export interface Occasion {
  readonly state: AutoresearchState
  readonly rules: AutoresearchRules
  readonly height: number
  /** ms since the Unix epoch */
  readonly at: number
}

type Metrics = Readonly<Record<string, number>>

export interface Verdict {
  readonly status: SubmissionStatus
  readonly events: readonly PlatformDraft[]
}

/**
 * What follows from everything reported about a submission so far: its decision, once, and a new best result. Claimed metrics are
 * not within reach (invariant 2).
 */
export function verdictEvents(
  occasion: Occasion,
  submission: Submission,
  record: SubmissionRecord,
  observedOf: (jobId: string) => Metrics | undefined,
): Verdict {
  const { state, rules, height } = occasion
  if (submission.status !== 'pending_verification') return { status: submission.status, events: [] }
  const task = state.tasks.get(submission.taskId)!
  const policy = policyNow(state, rules, height)
  const found = rules.acceptance(record, rulesOf(task.record), policy)
  const ruleVersion = `${policy.standardRule}/1`
  if (found.status === 'accepted') {
    const accepted = record.results.filter((result) => result.status === 'accepted')
    const deciding = policy.standardRule === 'median' ? accepted : accepted.slice(0, 1)
    const observed = rules.medianMetrics(deciding.map(({ jobId }) => observedOf(jobId) ?? {}))
    return accept(occasion, submission, { found, observed, ruleVersion })
  }
  if (found.status === 'rejected') {
    const code = record.results.find((result) => result.status === 'rejected')?.reason ?? null
    return refuseIt(occasion, submission, { ...found, code, ruleVersion })
  }
  const errors = record.results.filter((result) => result.status === 'error')
  if (errors.length < ERRORS_MAX || errors.length < record.results.length)
    return { status: 'pending_verification', events: [] }
  const decidedBy = [...new Set(errors.map((result) => result.validator))].join(',')
  const reason = `${errors.length} replays ended in errors`
  const code = errors.at(-1)?.reason ?? null
  return refuseIt(occasion, submission, { status: 'error', reason, decidedBy, code, ruleVersion: 'errors/1' })
}

interface Refused {
  readonly status: 'rejected' | 'error'
  readonly reason: string
  readonly decidedBy: string
  readonly code: string | null
  readonly ruleVersion: string
}

const CODE = /^[a-z][a-z0-9_]{0,63}$/

export function refuseIt(
  { state, rules, height, at }: Occasion,
  { submissionId, taskId, account }: Submission,
  { status, reason, decidedBy, code, ruleVersion }: Refused,
): Verdict {
  const event = draft('SubmissionDecided', {
    submissionId,
    taskId,
    hotkey: account,
    status,
    metric: null,
    secondary: null,
    artifactBytes: null,
    runtimeMs: null,
    memoryBytes: null,
    reasonCode: code !== null && CODE.test(code) ? code : null,
    reason,
    decidedBy,
    ruleVersion,
    policyId: policyNow(state, rules, height).id,
    comparison: null,
    at,
  })
  return { status, events: [event] }
}

const MS_PER_SECOND = 1_000

/** Run time and memory as a replay measured them, where it did. */
function measured(observed: Metrics) {
  const seconds = observed.runtime_seconds
  const runtimeMs = observed.runtime_ms ?? (seconds === undefined ? null : seconds * MS_PER_SECOND)
  return { runtimeMs, memoryBytes: observed.memory_bytes ?? null }
}

export function accept(
  occasion: Occasion,
  submission: Submission,
  {
    found,
    observed,
    ruleVersion,
  }: {
    readonly found: Extract<Acceptance, { status: 'accepted' }>
    readonly observed: Metrics
    readonly ruleVersion: string
  },
): Verdict {
  const { state, rules, height, at } = occasion
  const { submissionId, taskId, account, hotkey, artifact } = submission
  const { record } = state.tasks.get(taskId)!
  const policy = policyNow(state, rules, height)
  const { runtimeMs, memoryBytes } = measured(observed)
  const directions = directionsOf(record)
  const secondary = directions ? (observed[record.secondary_metric_name!] ?? null) : null
  const candidate: AcceptedResult = {
    submissionId,
    hotkey,
    metric: found.metric,
    ...(secondary !== null && { secondary }),
    ...(artifact && { artifact_bytes: artifact.bytes }),
    ...(runtimeMs !== null && { runtime_ms: runtimeMs }),
    ...(memoryBytes !== null && { memory_bytes: memoryBytes }),
  }
  const incumbent = state.standings.get(taskId)?.best
  const comparator = comparatorNow(state, rules, height, record)
  const { metric_direction: direction } = record
  const comparison = rules.compareResults(incumbent, candidate, direction, comparator, directions?.secondary)
  const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null)
  const event = draft('SubmissionDecided', {
    submissionId,
    taskId,
    hotkey: account,
    status: 'accepted',
    metric: found.metric,
    secondary,
    artifactBytes: artifact?.bytes ?? null,
    runtimeMs,
    memoryBytes,
    reasonCode: null,
    reason: null,
    decidedBy: found.decidedBy,
    ruleVersion,
    policyId: policy.id,
    comparison: {
      against: incumbent?.submissionId ?? null,
      wins: comparison.wins,
      cause: comparison.cause,
      delta: finite(comparison.delta),
      missing: finite(comparison.missing),
      comparatorVersion: comparison.comparatorVersion,
    },
    at,
  })
  const results = [...(state.standings.get(taskId)?.results ?? []), candidate]
  const best = comparison.wins ? candidate : incumbent
  const changes = bestEvents(occasion, taskId, {
    results,
    best,
    cause: comparison.wins ? comparison.cause : 'frontier',
    delta: comparison.wins ? finite(comparison.delta) : null,
  })
  return { status: 'accepted', events: [event, ...changes] }
}
