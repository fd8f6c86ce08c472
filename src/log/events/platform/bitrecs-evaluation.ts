import { Type } from '@sinclair/typebox'
import { Account, event, Height, Nullable, OneOf, Uid } from '../define'
import { TimeMs } from './core'

const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
const Group = OneOf('screener_1', 'screener_2', 'validator')
const RunStatus = OneOf(
  'pending',
  'initializing_agent',
  'running_agent',
  'initializing_eval',
  'running_eval',
  'finished',
  'error',
)
const AgentStatus = OneOf(
  'screening_1',
  'failed_screening_1',
  'screening_2',
  'failed_screening_2',
  'evaluating',
  'finished',
)
const closed = { additionalProperties: false }

/** Long text kept beside the log by its SHA-256. */
const Content = Type.Object(
  { sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }), bytes: Type.Integer({ minimum: 0 }) },
  closed,
)

/** Evaluation sets, sessions, evaluations and runs of the bitrecs platform (spec bitrecs.md §3, §4). */
export const bitrecsEvaluationEvents = {
  /** A new contest: from now on only scores of this set count (§3.5). */
  BitrecsEvaluationSetCreated: event(1, {
    setId: Type.Integer({ minimum: 1 }),
    problems: Type.Object(
      {
        screener_1: Type.Array(Type.String()),
        screener_2: Type.Array(Type.String()),
        validator: Type.Array(Type.String()),
      },
      closed,
    ),
    at: TimeMs,
  }),
  BitrecsSessionOpened: event(1, {
    sessionId: Uuid,
    group: Group,
    name: Type.String(),
    /** null: a screener, which has a name only. */
    hotkey: Nullable(Account),
    commitHash: Type.String(),
    at: TimeMs,
  }),
  BitrecsHeartbeat: event(1, {
    sessionId: Uuid,
    systemMetrics: Type.Unknown({ description: 'as the node sent it' }),
    at: TimeMs,
  }),
  BitrecsSessionClosed: event(1, {
    sessionId: Uuid,
    reason: Type.String({ description: 'disconnected: …, heartbeat_timeout, error: …' }),
    at: TimeMs,
  }),
  BitrecsEvaluationStarted: event(1, {
    evaluationId: Uuid,
    agentId: Uuid,
    setId: Type.Integer(),
    group: Group,
    sessionId: Uuid,
    validator: Type.String({ description: 'hotkey (hex), or the screener’s name' }),
    runs: Type.Array(Type.Object({ runId: Uuid, problem: Type.String() }, closed)),
    at: TimeMs,
  }),
  BitrecsRunUpdated: event(1, {
    runId: Uuid,
    evaluationId: Uuid,
    agentId: Uuid,
    problem: Type.String(),
    from: RunStatus,
    to: RunStatus,
    patch: Nullable(Content),
    agentLogs: Nullable(Content),
    evalLogs: Nullable(Content),
    testResults: Nullable(Type.Array(Type.Unknown())),
    errorCode: Nullable(Type.Integer()),
    errorMessage: Nullable(Type.String()),
    at: TimeMs,
  }),
  BitrecsEvaluationFinished: event(1, {
    evaluationId: Uuid,
    agentId: Uuid,
    outcome: OneOf('success', 'failure'),
    /** Solved runs by all runs. */
    score: Type.Number({ minimum: 0, maximum: 1 }),
    at: TimeMs,
  }),
  BitrecsAgentStatusChanged: event(1, {
    agentId: Uuid,
    from: AgentStatus,
    to: AgentStatus,
    reason: Type.String({ description: 'what decided it, in numbers' }),
    at: TimeMs,
  }),
  /** A score that counts for weights: the best of a hotkey and task does (§5.2). */
  BitrecsScoreRecorded: event(1, {
    runId: Uuid,
    agentId: Uuid,
    hotkey: Account,
    /** Uid of the hotkey when the score came; null: it held none. */
    uid: Nullable(Uid),
    /** Block of that registration: a score belongs to a tenure, not to a uid. */
    registeredAt: Nullable(Height),
    task: Type.String(),
    score: Type.Number({ minimum: 0, maximum: 1 }),
    success: Type.Boolean(),
    durationSeconds: Type.Number({ minimum: 0 }),
    sampleSize: Type.Integer({ minimum: 0 }),
    setId: Type.Integer(),
    /** Who measured it. */
    validator: Type.String(),
    source: OneOf('run', 'upload'),
    at: TimeMs,
  }),
  BitrecsInferenceReported: event(1, {
    inferenceId: Uuid,
    runId: Uuid,
    provider: Type.String(),
    model: Type.String(),
    temperature: Type.Number(),
    statusCode: Nullable(Type.Integer()),
    inputTokens: Type.Integer({ minimum: 0 }),
    outputTokens: Type.Integer({ minimum: 0 }),
    costUsd: Type.Number({ minimum: 0 }),
    at: TimeMs,
  }),
  /** A copy of a validator's own score file; kept, and not counted: rows in it are signed by nobody (§7, 15). */
  BitrecsBackupReceived: event(1, {
    validator: Account,
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    bytes: Type.Integer({ minimum: 0 }),
    at: TimeMs,
  }),
  /** What a validator says it has set (§6, POST /scoring/weight-set); the chain log says what it did set. */
  BitrecsWeightSetReported: event(1, {
    validator: Account,
    block: Height,
    winnerUid: Uid,
    winnerHotkey: Nullable(Account),
    winnerWeight: Type.Number(),
    weights: Type.String(),
    at: TimeMs,
  }),
}
