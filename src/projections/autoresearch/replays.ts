import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { accountOf, addRow, endRow, replaceRow, shown, shownJson } from '../fold/event-rows'
import type { Projection, Sink } from '../fold/projection'
import { FACTS, heldBy } from '../fold/table-rule'

const JOB = 'autoresearch_job'
const RESULT = 'autoresearch_job_result'
const CONFLICT = 'autoresearch_job_conflict'
const EVALUATION = 'autoresearch_peer_evaluation'
const CONSENSUS = 'autoresearch_peer_consensus'

/** Replays that wait, their results with the time each took, and results that contradicted an earlier one. */
export const autoresearchJobs: Projection = {
  name: 'autoresearch_jobs',
  version: 1,
  log: 'platform',
  tables: {
    [JOB]: { ...heldBy('netuid', 'job_id'), hasOrdinal: true },
    [RESULT]: { ...FACTS, hasOrdinal: true },
    [CONFLICT]: { ...FACTS, hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'JobOffered') offer(event, sink)
    else if (event.type === 'JobResultPosted') takeResult(event, sink)
    else if (event.type === 'JobResultConflict') {
      const { jobId, submissionId, validator, keptSha256, refusedSha256, at } =
        event.payload as PayloadOf<'JobResultConflict'>
      addRow(sink, CONFLICT, event, {
        job_id: jobId,
        submission_id: submissionId,
        validator: accountOf(validator),
        kept_sha256: keptSha256,
        refused_sha256: refusedSha256,
        posted_at: String(at),
      })
    }
  },
}

function offer(event: LogEvent, sink: Sink): void {
  const { jobId, submissionId, validator, attempt, specHash, at } = event.payload as PayloadOf<'JobOffered'>
  replaceRow(
    sink,
    JOB,
    event,
    { key: { job_id: jobId }, reason: 'offered again' },
    {
      submission_id: submissionId,
      validator: accountOf(validator),
      attempt,
      spec_hash: specHash,
      offered_at: String(at),
    },
  )
}

function takeResult(event: LogEvent, sink: Sink): void {
  const result = event.payload as PayloadOf<'JobResultPosted'>
  endRow(sink, JOB, event, { job_id: result.jobId }, result.status)
  addRow(sink, RESULT, event, {
    job_id: result.jobId,
    submission_id: result.submissionId,
    validator: accountOf(result.validator),
    status: result.status,
    reason_code: result.reasonCode,
    observed_metrics: shownJson(result.observedMetrics) as never,
    notes: shown(result.notes),
    log_sha256: result.log?.sha256 ?? null,
    artifact: result.artifact,
    lag_ms: String(result.lagMs),
    body_sha256: result.bodySha256,
    posted_at: String(result.at),
  })
}

/** Miners about the work of others, and when they were enough. */
export const autoresearchPeers: Projection = {
  name: 'autoresearch_peers',
  version: 1,
  log: 'platform',
  tables: { [EVALUATION]: { ...FACTS, hasOrdinal: true }, [CONSENSUS]: { ...FACTS, hasOrdinal: true } },
  apply(event, sink) {
    if (event.type === 'PeerEvaluationPosted') {
      const { evaluationId, submissionId, evaluator, status, metric, notes, at } =
        event.payload as PayloadOf<'PeerEvaluationPosted'>
      addRow(sink, EVALUATION, event, {
        evaluation_id: evaluationId,
        submission_id: submissionId,
        evaluator: accountOf(evaluator),
        status,
        metric,
        notes: shown(notes),
        posted_at: String(at),
      })
    } else if (event.type === 'PeerConsensusReached') {
      const { submissionId, accepted, rejected, median, threshold, at } =
        event.payload as PayloadOf<'PeerConsensusReached'>
      const row = {
        submission_id: submissionId,
        accepted,
        rejected,
        median,
        threshold,
        reached_at: String(at),
      }
      addRow(sink, CONSENSUS, event, row)
    }
  },
}
