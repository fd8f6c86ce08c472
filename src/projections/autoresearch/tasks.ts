import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { accountOf, addRow, endRow, replaceRow, shown, shownJson } from '../fold/event-rows'
import type { Projection, Sink } from '../fold/projection'
import { FACTS, heldBy } from '../fold/table-rule'

const TASK = 'autoresearch_task'
const CLAIM = 'autoresearch_claim'
const IDEA = 'autoresearch_idea'

interface Record_ {
  readonly title: string
  readonly competition_mode: string
  readonly ranking_mode: string
  readonly metric_name: string
  readonly metric_direction: string
  readonly is_active: boolean
  readonly competition_weight: number
}

/** Tasks as they were posted and edited. Their states are a table of their own: an event of one does not know the other. */
export const autoresearchTasks: Projection = {
  name: 'autoresearch_tasks',
  version: 1,
  log: 'platform',
  tables: {
    [TASK]: { ...heldBy('netuid', 'task_id'), hasOrdinal: true },
    autoresearch_task_state: { ...heldBy('netuid', 'task_id'), hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'TaskPosted' || event.type === 'TaskEdited') setTask(event, sink)
    else if (event.type === 'TaskStateChanged') {
      const { taskId, to, actor, at } = event.payload as PayloadOf<'TaskStateChanged'>
      setState(event, sink, taskId, to, actor, at)
    }
  },
}

function setTask(event: LogEvent, sink: Sink): void {
  const { taskId, slug, record, env, specHash, actor, at } = event.payload as PayloadOf<'TaskPosted'>
  const fields = record as Record_
  replaceRow(
    sink,
    TASK,
    event,
    { key: { task_id: taskId }, reason: 'edited' },
    {
      slug,
      title: shown(fields.title),
      competition_mode: fields.competition_mode,
      ranking_mode: fields.ranking_mode,
      metric_name: shown(fields.metric_name),
      metric_direction: fields.metric_direction,
      is_active: fields.is_active,
      competition_weight: fields.competition_weight,
      record: shownJson(record) as never,
      env_names: env.names,
      spec_hash: specHash,
      changed_at: String(at),
    },
  )
  if (event.type === 'TaskPosted') setState(event, sink, taskId, 'live', actor, at)
}

function setState(event: LogEvent, sink: Sink, taskId: string, to: string, actor: string, at: number): void {
  const key = { task_id: taskId }
  replaceRow(
    sink,
    'autoresearch_task_state',
    event,
    { key, reason: to },
    { task_state: to, actor, changed_at: String(at) },
  )
}

/** Claims while they are open, with how they ended; and whose idea a submission implements. */
export const autoresearchClaims: Projection = {
  name: 'autoresearch_claims',
  version: 1,
  log: 'platform',
  tables: {
    [CLAIM]: { ...heldBy('netuid', 'claim_id'), hasOrdinal: true },
    [IDEA]: { ...FACTS, hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'ClaimOpened') openClaim(event, sink)
    else if (
      event.type === 'ClaimCancelled' ||
      event.type === 'ClaimExpired' ||
      event.type === 'ClaimConsumed'
    ) {
      const reasons = { ClaimCancelled: 'cancelled', ClaimExpired: 'expired', ClaimConsumed: 'submitted' }
      const { claimId } = event.payload as PayloadOf<'ClaimExpired'>
      endRow(sink, CLAIM, event, { claim_id: claimId }, reasons[event.type])
    } else if (event.type === 'IdeaLinked') {
      const { submissionId, implementsSubmissionId, hotkey, ideaHotkey, at } =
        event.payload as PayloadOf<'IdeaLinked'>
      addRow(sink, IDEA, event, {
        submission_id: submissionId,
        implements_submission_id: implementsSubmissionId,
        hotkey: accountOf(hotkey),
        idea_hotkey: accountOf(ideaHotkey),
        linked_at: String(at),
      })
    }
  },
}

function openClaim(event: LogEvent, sink: Sink): void {
  const { claimId, taskId, hotkey, description, baseSubmissionId, at, expiresAt } =
    event.payload as PayloadOf<'ClaimOpened'>
  replaceRow(
    sink,
    CLAIM,
    event,
    { key: { claim_id: claimId }, reason: 'expired' },
    {
      task_id: taskId,
      hotkey: accountOf(hotkey),
      description: shown(description),
      base_submission_id: baseSubmissionId,
      opened_at: String(at),
      expires_at: String(expiresAt),
    },
  )
}
