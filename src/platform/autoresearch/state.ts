import type { Hex } from '../../log/envelope'
import type { ClaimsState } from './claims/state'
import type { AcceptedResult, PeerTally, Policy, ReplayResult, WeightPolicy, WorkClaim } from './rule-values'
import type { TaskRecord } from './tasks/task-record'

export type TaskState = 'live' | 'paused' | 'closed'
export type SubmissionStatus = 'pending_verification' | 'accepted' | 'rejected' | 'error'

/** Names and hash of a task's private environment; the values lie apart from the log. */
export interface PrivateEnv {
  readonly names: string[]
  readonly sha256: string
}

export interface Task {
  readonly taskId: string
  readonly record: TaskRecord
  readonly env: PrivateEnv
  readonly specHash: string
  readonly state: TaskState
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export interface Claim extends WorkClaim {
  readonly claimId: string
  readonly taskId: string
  readonly account: Hex
  readonly description: string
  readonly baseSubmissionId: string | null
  readonly updatedAtMs: number
}

export interface Content {
  readonly sha256: string
  readonly bytes: number
}

export interface Artifact extends Content {
  readonly uri: string
}

export interface Submission {
  readonly submissionId: string
  readonly claimId: string
  readonly taskId: string
  readonly account: Hex
  /** The same account as clients write it. */
  readonly hotkey: string
  readonly baseRef: string
  readonly baseCommit: string | null
  readonly patch: Content | null
  readonly artifact: Artifact | null
  readonly executionLog: Content | null
  readonly summary: string
  readonly claimedMetrics: Readonly<Record<string, number>>
  readonly idea: string | null
  readonly parent: string | null
  readonly createdAtMs: number
  /** Frozen specification without private values. */
  spec: Readonly<Record<string, unknown>>
  env: PrivateEnv
  specHash: string
  status: SubmissionStatus
  metric: number | null
  secondary: number | null
  reasonCode: string | null
  reason: string | null
  decidedBy: string | null
  decidedAtMs: number | null
  /** Block that the acceptance is tied to; null: not accepted. */
  acceptedAtHeight: number | null
  readonly results: ReplayResult[]
  peers: PeerTally
  readonly jobs: string[]
  readonly timeline: TimelineEntry[]
}

export interface TimelineEntry {
  readonly atMs: number
  readonly event: string
  readonly code: string | null
  readonly actor: string | null
}

export interface JobResult {
  readonly status: 'accepted' | 'rejected' | 'error'
  readonly reasonCode: string | null
  readonly observedMetrics: Readonly<Record<string, number>>
  readonly notes: string
  readonly log: Content | null
  readonly bodySha256: string
  readonly lagMs: number
  readonly submissionStatus: SubmissionStatus
  readonly atMs: number
}

/** One replay of a submission by one validator. */
export interface Job {
  readonly jobId: string
  readonly submissionId: string
  readonly validator: Hex
  readonly attempt: number
  readonly offeredAtMs: number
  result: JobResult | null
}

export interface PeerVote {
  readonly evaluationId: string
  readonly submissionId: string
  readonly evaluator: string
  readonly status: 'accepted' | 'rejected' | 'error'
  readonly metric: number | null
  readonly observedMetrics: Readonly<Record<string, number>>
  readonly notes: string
  readonly atMs: number
}

/** The accepted results of a task in the order of acceptance, and which of them is best. */
export interface Standing {
  readonly results: AcceptedResult[]
  best: AcceptedResult | undefined
  previous: string | null
  frontier: readonly string[] | null
  ruleVersion: string
}

/** Everything that a command of the autoresearch platform may look at: a fold of its log and nothing else. */
export interface AutoresearchState {
  readonly netuid: number
  readonly policies: Policy[]
  readonly tasks: Map<string, Task>
  /** Task id by slug, for ever. */
  readonly slugs: Map<string, string>
  readonly claims: Map<string, Claim>
  /** Claims that may still expire, in the order of their opening. */
  readonly openClaims: Set<string>
  readonly submissions: Map<string, Submission>
  /** Submission ids by task in order of arrival. */
  readonly byTask: Map<string, string[]>
  /** Submissions that validators may still be offered. */
  readonly replayable: Set<string>
  readonly jobs: Map<string, Job>
  /** Ids of jobs without a result, by validator. */
  readonly openJobs: Map<Hex, Set<string>>
  readonly votes: PeerVote[]
  readonly standings: Map<string, Standing>
  readonly ideas: { readonly submissionId: string; readonly implements: string }[]
  readonly stakes: Map<Hex, { readonly stakeRao: bigint; readonly atHeight: number }>
  /** When a signed request was taken (ms), by its hash; forgotten when its time has long passed. */
  readonly seen: Map<string, number>
  rewardPolicy: (WeightPolicy & { readonly atMs: number; readonly origin: string }) | null
  readonly merkle: ClaimsState
  /** The block that the newest event is tied to. */
  height: number
  blockTimeMs: number
  events: number
}
