import { Type } from '@sinclair/typebox'
import { Account, event, Nullable, OneOf } from '../define'
import { TimeMs } from './core'

export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Id = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
const Code = Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' })
const Metrics = Type.Record(Type.String(), Type.Number())
const Count = Type.Integer({ minimum: 0 })
const TaskState = OneOf('live', 'paused', 'closed')
const Status = OneOf('accepted', 'rejected', 'error')
const closed = { additionalProperties: false }

/** SHA-256 of a request's signed text with the nonce point of its signature: it does not count a second time. */
export const RequestHash = Nullable(Sha256)

/** A text kept beside the log under its SHA-256. */
const Content = Type.Object({ sha256: Sha256, bytes: Count }, closed)

const Artifact = Type.Object(
  { uri: Type.String(), sha256: Sha256, bytes: Count },
  { ...closed, description: 'as the miner declares it; the platform never fetches it' },
)

/** How a candidate stood against whoever was best then, in the comparator's own noise unit. */
const Comparison = Type.Object(
  {
    against: Nullable(Id),
    wins: Type.Boolean(),
    cause: Type.String(),
    delta: Nullable(Type.Number()),
    missing: Nullable(Type.Number()),
    comparatorVersion: Type.String(),
  },
  closed,
)

/** Names of the private benchmark environment and the hash of its values, which are kept apart from the log. */
const PrivateEnv = Type.Object({ names: Type.Array(Type.String()), sha256: Sha256 }, closed)

const task = {
  taskId: Id,
  slug: Type.String(),
  record: Type.Unknown({ description: 'all fields of the task but its private environment' }),
  env: PrivateEnv,
  /** SHA-256 over the canonical record. */
  specHash: Sha256,
  actor: Type.String(),
  at: TimeMs,
}

const result = {
  jobId: Id,
  submissionId: Id,
  validator: Account,
  status: Status,
  reasonCode: Nullable(Code),
  observedMetrics: Metrics,
  notes: Type.String(),
  log: Nullable(Content),
  artifact: Nullable(OneOf('available', 'unavailable', 'mismatch')),
  /** SHA-256 of the canonical body: what a repeated post is compared by. */
  bodySha256: Sha256,
  lagMs: Count,
  /** State of the submission after it, as answered. */
  submissionStatus: OneOf('pending_verification', 'accepted', 'rejected', 'error'),
  requestHash: RequestHash,
  at: TimeMs,
}

/** Tasks, claims on them, submissions, replays and verdicts (spec autoresearch.md §2–§8). */
export const autoresearchWorkEvents = {
  TaskPosted: event(1, task),
  TaskEdited: event(1, task),
  TaskStateChanged: event(1, {
    taskId: Id,
    from: TaskState,
    to: TaskState,
    actor: Type.String(),
    at: TimeMs,
  }),
  ClaimOpened: event(1, {
    claimId: Id,
    taskId: Id,
    hotkey: Account,
    description: Type.String(),
    baseSubmissionId: Nullable(Id),
    expiresAt: TimeMs,
    requestHash: RequestHash,
    at: TimeMs,
  }),
  ClaimCancelled: event(1, {
    claimId: Id,
    taskId: Id,
    hotkey: Account,
    requestHash: RequestHash,
    at: TimeMs,
  }),
  ClaimExpired: event(1, { claimId: Id, taskId: Id, hotkey: Account, at: TimeMs }),
  ClaimConsumed: event(1, { claimId: Id, taskId: Id, hotkey: Account, submissionId: Id, at: TimeMs }),
  SubmissionReceived: event(1, {
    submissionId: Id,
    claimId: Id,
    taskId: Id,
    hotkey: Account,
    baseRef: Type.String(),
    baseCommit: Nullable(Type.String({ pattern: '^[0-9a-f]{40}$' })),
    patch: Nullable(Content),
    artifact: Nullable(Artifact),
    executionLog: Nullable(Content),
    summary: Type.String(),
    /** Shown, never decisive. */
    claimedMetrics: Metrics,
    idea: Nullable(Type.String()),
    parent: Nullable(Id),
    requestHash: RequestHash,
    at: TimeMs,
  }),
  /** What validators replay; later edits of the task cannot reach it. */
  ReplaySpecFrozen: event(1, {
    submissionId: Id,
    spec: Type.Unknown({ description: 'without the values of its private environment' }),
    env: PrivateEnv,
    /** SHA-256 over the whole canonical specification, private values included. */
    specHash: Sha256,
    at: TimeMs,
  }),
  IdeaLinked: event(1, {
    submissionId: Id,
    implementsSubmissionId: Id,
    hotkey: Account,
    ideaHotkey: Account,
    at: TimeMs,
  }),
  JobOffered: event(1, {
    jobId: Id,
    submissionId: Id,
    validator: Account,
    /** 1 for the first; more after a replay that ended in an error. */
    attempt: Type.Integer({ minimum: 1 }),
    specHash: Sha256,
    at: TimeMs,
  }),
  JobResultPosted: event(1, result),
  /** A second, different result under the same job: nothing is overwritten. */
  JobResultConflict: event(1, {
    jobId: Id,
    submissionId: Id,
    validator: Account,
    keptSha256: Sha256,
    refusedSha256: Sha256,
    requestHash: RequestHash,
    at: TimeMs,
  }),
  PeerEvaluationPosted: event(1, {
    evaluationId: Id,
    submissionId: Id,
    evaluator: Account,
    status: Status,
    metric: Nullable(Type.Number()),
    observedMetrics: Metrics,
    notes: Type.String(),
    requestHash: RequestHash,
    at: TimeMs,
  }),
  PeerConsensusReached: event(1, {
    submissionId: Id,
    accepted: Count,
    rejected: Count,
    median: Nullable(Type.Number()),
    threshold: Type.Integer({ minimum: 1 }),
    at: TimeMs,
  }),
  SubmissionDecided: event(1, {
    submissionId: Id,
    taskId: Id,
    hotkey: Account,
    status: Status,
    metric: Nullable(Type.Number()),
    secondary: Nullable(Type.Number()),
    /** What tie-breaks may look at, in smallest units. */
    artifactBytes: Nullable(Count),
    runtimeMs: Nullable(Type.Number()),
    memoryBytes: Nullable(Type.Number()),
    reasonCode: Nullable(Code),
    reason: Nullable(Type.String()),
    decidedBy: Type.String(),
    ruleVersion: Type.String(),
    policyId: Type.String(),
    comparison: Nullable(Comparison),
    at: TimeMs,
  }),
  /** The only way from accepted to rejected. */
  SubmissionReversed: event(1, {
    submissionId: Id,
    taskId: Id,
    hotkey: Account,
    from: Status,
    to: Status,
    reason: Type.String(),
    actor: Type.String(),
    at: TimeMs,
  }),
  BestResultChanged: event(1, {
    taskId: Id,
    previous: Nullable(Id),
    best: Nullable(Id),
    hotkey: Nullable(Account),
    metric: Nullable(Type.Number()),
    secondary: Nullable(Type.Number()),
    delta: Nullable(Type.Number()),
    cause: Type.String(),
    ruleVersion: Type.String(),
    /** Pareto tasks: members in order of acceptance; null otherwise. */
    frontier: Nullable(Type.Array(Id)),
    at: TimeMs,
  }),
  /** Stake as the operator read it on chain: what the miners' gate looks at. */
  MinerStakeObserved: event(1, {
    hotkey: Account,
    stakeRao: Type.String({ pattern: '^(0|[1-9][0-9]*)$' }),
    atHeight: Count,
    at: TimeMs,
  }),
}
