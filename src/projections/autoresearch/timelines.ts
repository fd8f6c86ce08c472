import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { accountOf, addRow, shown } from '../fold/event-rows'
import type { Projection } from '../fold/projection'
import { FACTS } from '../fold/table-rule'

const TABLE = 'autoresearch_timeline'

interface Step {
  readonly submissionId: string
  readonly happened: string
  readonly code?: string | null
  readonly actor?: string
  readonly detail?: string | null
  readonly at: number
}

/** What each event says about a submission; undefined: nothing. */
const steps: Readonly<Record<string, (event: LogEvent) => Step>> = {
  SubmissionReceived: ({ payload }) => {
    const { submissionId, hotkey: actor, at } = payload as PayloadOf<'SubmissionReceived'>
    return { submissionId, happened: 'received', actor, at }
  },
  ReplaySpecFrozen: ({ payload }) => {
    const { submissionId, specHash: detail, at } = payload as PayloadOf<'ReplaySpecFrozen'>
    return { submissionId, happened: 'specification frozen', detail, at }
  },
  JobOffered: ({ payload }) => {
    const { submissionId, validator: actor, jobId: detail, at } = payload as PayloadOf<'JobOffered'>
    return { submissionId, happened: 'offered', actor, detail, at }
  },
  JobResultPosted: ({ payload }) => {
    const { submissionId, validator, status, reasonCode, notes, at } = payload as PayloadOf<'JobResultPosted'>
    return {
      submissionId,
      happened: `replay ${status}`,
      code: reasonCode,
      actor: validator,
      detail: notes,
      at,
    }
  },
  JobResultConflict: ({ payload }) => {
    const { submissionId, validator: actor, jobId: detail, at } = payload as PayloadOf<'JobResultConflict'>
    return {
      submissionId,
      happened: 'conflicting result refused',
      code: 'job_result_conflict',
      actor,
      detail,
      at,
    }
  },
  PeerEvaluationPosted: ({ payload }) => {
    const { submissionId, evaluator, status, notes, at } = payload as PayloadOf<'PeerEvaluationPosted'>
    return { submissionId, happened: `peer ${status}`, actor: evaluator, detail: notes, at }
  },
  PeerConsensusReached: ({ payload }) => {
    const { submissionId, accepted, rejected, threshold, at } = payload as PayloadOf<'PeerConsensusReached'>
    const detail = `${accepted} accepted, ${rejected} rejected of ${threshold}`
    return { submissionId, happened: 'peers agree', detail, at }
  },
  SubmissionDecided: ({ payload }) => {
    const { submissionId, status, reasonCode, reason, at } = payload as PayloadOf<'SubmissionDecided'>
    return { submissionId, happened: status, code: reasonCode, detail: reason, at }
  },
  SubmissionReversed: ({ payload }) => {
    const { submissionId, to, reason, at } = payload as PayloadOf<'SubmissionReversed'>
    return { submissionId, happened: `reversed to ${to}`, code: 'reversed', detail: reason, at }
  },
}

/** The life of each submission with its reason codes, in one list. */
export const autoresearchTimelines: Projection = {
  name: 'autoresearch_timelines',
  version: 1,
  log: 'platform',
  tables: { [TABLE]: { ...FACTS, hasOrdinal: true } },
  apply(event, sink) {
    const step = steps[event.type]?.(event)
    if (!step) return
    addRow(sink, TABLE, event, {
      submission_id: step.submissionId,
      happened: step.happened,
      reason_code: step.code ?? null,
      actor: step.actor === undefined ? null : accountOf(step.actor),
      detail: step.detail ? shown(step.detail) : null,
      at_ms: String(step.at),
    })
  },
}
