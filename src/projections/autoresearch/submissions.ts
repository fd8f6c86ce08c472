import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import {
  accountOf,
  addRow,
  type Columns,
  replaceRow,
  shown,
  shownJson,
  shownOrNull,
} from '../fold/event-rows'
import type { Projection, Sink } from '../fold/projection'
import { FACTS, heldBy } from '../fold/table-rule'

const SUBMISSION = 'autoresearch_submission'
const SPEC = 'autoresearch_replay_spec'
const VERDICT = 'autoresearch_verdict'
const BEST = 'autoresearch_best'

/** Submissions as they came, and what is replayed of each. */
export const autoresearchSubmissions: Projection = {
  name: 'autoresearch_submissions',
  version: 1,
  log: 'platform',
  tables: { [SUBMISSION]: { ...FACTS, hasOrdinal: true }, [SPEC]: { ...FACTS, hasOrdinal: true } },
  apply(event, sink) {
    if (event.type === 'SubmissionReceived') receive(event, sink)
    else if (event.type === 'ReplaySpecFrozen') {
      const { submissionId, spec, specHash, env } = event.payload as PayloadOf<'ReplaySpecFrozen'>
      addRow(sink, SPEC, event, {
        submission_id: submissionId,
        spec: shownJson(spec) as never,
        spec_hash: specHash,
        env_sha256: env.sha256,
      })
    }
  },
}

function receive(event: LogEvent, sink: Sink): void {
  const received = event.payload as PayloadOf<'SubmissionReceived'>
  const { patch, artifact } = received
  addRow(sink, SUBMISSION, event, {
    submission_id: received.submissionId,
    claim_id: received.claimId,
    task_id: received.taskId,
    hotkey: accountOf(received.hotkey),
    base_ref: shown(received.baseRef),
    base_commit: received.baseCommit,
    patch_sha256: patch?.sha256 ?? null,
    patch_bytes: patch?.bytes ?? 0,
    artifact_uri: shownOrNull(artifact?.uri ?? null),
    artifact_sha256: artifact?.sha256 ?? null,
    artifact_bytes: artifact ? String(artifact.bytes) : null,
    summary: shown(received.summary),
    claimed_metrics: shownJson(received.claimedMetrics) as never,
    idea: shownOrNull(received.idea),
    parent: received.parent,
    received_at: String(received.at),
  })
}

/** All rows of a table have the same columns, whichever event opens them. */
const UNDECIDED: Columns = {
  metric: null,
  secondary: null,
  artifact_bytes: null,
  runtime_ms: null,
  memory_bytes: null,
  reason_code: null,
  reason: null,
  decided_by: null,
  rule_version: null,
  policy_id: null,
  comparison: null,
}

/** State of each submission, and the best of each task. */
export const autoresearchVerdicts: Projection = {
  name: 'autoresearch_verdicts',
  version: 1,
  log: 'platform',
  tables: {
    [VERDICT]: { ...heldBy('netuid', 'submission_id'), hasOrdinal: true },
    [BEST]: { ...heldBy('netuid', 'task_id'), hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'SubmissionReceived') {
      const { submissionId, taskId, hotkey, at } = event.payload as PayloadOf<'SubmissionReceived'>
      setVerdict(event, sink, { submissionId, taskId, hotkey, status: 'pending_verification', at }, {})
    } else if (event.type === 'SubmissionDecided') decide(event, sink)
    else if (event.type === 'SubmissionReversed') reverse(event, sink)
    else if (event.type === 'BestResultChanged') changeBest(event, sink)
  },
}

interface About {
  readonly submissionId: string
  readonly taskId: string
  readonly hotkey: string
  readonly status: string
  readonly at: number
}

function setVerdict(event: LogEvent, sink: Sink, about: About, row: Columns): void {
  const key = { submission_id: about.submissionId }
  const rest = {
    task_id: about.taskId,
    hotkey: accountOf(about.hotkey),
    status: about.status,
    decided_at: String(about.at),
  }
  replaceRow(sink, VERDICT, event, { key, reason: about.status }, { ...UNDECIDED, ...rest, ...row })
}

function decide(event: LogEvent, sink: Sink): void {
  const decided = event.payload as PayloadOf<'SubmissionDecided'>
  setVerdict(event, sink, decided, {
    metric: decided.metric,
    secondary: decided.secondary,
    artifact_bytes: decided.artifactBytes === null ? null : String(decided.artifactBytes),
    runtime_ms: decided.runtimeMs,
    memory_bytes: decided.memoryBytes,
    reason_code: decided.reasonCode,
    reason: shownOrNull(decided.reason),
    decided_by: decided.decidedBy,
    rule_version: decided.ruleVersion,
    policy_id: decided.policyId,
    comparison: decided.comparison,
  })
}

function reverse(event: LogEvent, sink: Sink): void {
  const { submissionId, taskId, hotkey, to, reason, actor, at } =
    event.payload as PayloadOf<'SubmissionReversed'>
  const about = { submissionId, taskId, hotkey, status: to, at }
  const row = {
    reason_code: 'reversed',
    reason: shown(reason),
    decided_by: actor,
    rule_version: 'reversal/1',
  }
  setVerdict(event, sink, about, row)
}

function changeBest(event: LogEvent, sink: Sink): void {
  const { taskId, best, hotkey, at, ...changed } = event.payload as PayloadOf<'BestResultChanged'>
  const key = { task_id: taskId }
  replaceRow(
    sink,
    BEST,
    event,
    { key, reason: changed.cause },
    {
      submission_id: best,
      hotkey: hotkey === null ? null : accountOf(hotkey),
      metric: changed.metric,
      secondary: changed.secondary,
      delta: changed.delta,
      cause: changed.cause,
      previous: changed.previous,
      rule_version: changed.ruleVersion,
      frontier: changed.frontier,
      changed_at: String(at),
    },
  )
}
