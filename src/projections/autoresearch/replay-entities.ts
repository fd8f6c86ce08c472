import type { Entity } from '../core/entity'
import { endReason, f, filter, ms, nullable } from '../core/entity-fields'

/** Lists of replays and peer evaluations. */
export const replayEntities: readonly Entity[] = [
  {
    type: 'AutoresearchJob',
    query: 'autoresearchJobs',
    table: 'autoresearch_job',
    describe: 'Replays that validators were offered and have not reported.',
    fields: {
      jobId: f('job_id', 'String', filter),
      submissionId: f('submission_id', 'String', filter),
      validator: f('validator', 'Account', filter),
      attempt: f('attempt', 'Int'),
      specHash: f('spec_hash', 'String'),
      offeredAtMs: ms('offered_at'),
      endReason: endReason('accepted, rejected, error.'),
    },
  },
  {
    type: 'AutoresearchJobResult',
    query: 'autoresearchJobResults',
    table: 'autoresearch_job_result',
    describe: 'Results of replays: the lag of each validator, and whether the artifact was there.',
    fields: {
      jobId: f('job_id', 'String'),
      submissionId: f('submission_id', 'String', filter),
      validator: f('validator', 'Account', filter),
      status: f('status', 'String'),
      reasonCode: f('reason_code', 'String', nullable),
      observedMetrics: f('observed_metrics', 'JSON'),
      notes: f('notes', 'String'),
      logSha256: f('log_sha256', 'String', nullable),
      artifact: f('artifact', 'String', { ...nullable, describe: 'available, unavailable, mismatch.' }),
      lagMs: f('lag_ms', 'BigInt', { describe: 'From the offer to the result (ms).' }),
      bodySha256: f('body_sha256', 'String'),
      postedAtMs: ms('posted_at'),
    },
  },
  {
    type: 'AutoresearchJobConflict',
    query: 'autoresearchJobConflicts',
    table: 'autoresearch_job_conflict',
    describe: 'Second, different results under one job: nothing was overwritten.',
    fields: {
      jobId: f('job_id', 'String'),
      submissionId: f('submission_id', 'String'),
      validator: f('validator', 'Account', filter),
      keptSha256: f('kept_sha256', 'String'),
      refusedSha256: f('refused_sha256', 'String'),
      postedAtMs: ms('posted_at'),
    },
  },
  {
    type: 'AutoresearchPeerEvaluation',
    query: 'autoresearchPeerEvaluations',
    table: 'autoresearch_peer_evaluation',
    describe: 'Miners about the work of others.',
    fields: {
      evaluationId: f('evaluation_id', 'String'),
      submissionId: f('submission_id', 'String', filter),
      evaluator: f('evaluator', 'Account', filter),
      status: f('status', 'String'),
      metric: f('metric', 'Float', nullable),
      notes: f('notes', 'String'),
      postedAtMs: ms('posted_at'),
    },
  },
  {
    type: 'AutoresearchPeerConsensus',
    query: 'autoresearchPeerConsensus',
    table: 'autoresearch_peer_consensus',
    describe: 'Submissions about which enough peers agreed.',
    fields: {
      submissionId: f('submission_id', 'String', filter),
      accepted: f('accepted', 'Int'),
      rejected: f('rejected', 'Int'),
      median: f('median', 'Float', nullable),
      threshold: f('threshold', 'Int'),
      reachedAtMs: ms('reached_at'),
    },
  },
]
