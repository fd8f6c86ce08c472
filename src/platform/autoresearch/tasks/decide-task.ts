import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../log/canonical-json'
import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { type Answer, done, refuse } from '../answer'
import type { AutoresearchState, PrivateEnv, TaskState } from '../state'
import { showTask } from './show-task'
import { type TaskRecord, taskFault } from './task-record'

export const ADMIN = 'admin'

export interface TaskInput {
  readonly taskId: string
  readonly record: TaskRecord
  readonly env: PrivateEnv
}

const hashOf = (value: unknown) => createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')

/** Fields that decisions about submissions look at: fixed once there is one. */
const FIXED = [
  'competition_mode',
  'metric_name',
  'metric_direction',
  'ranking_mode',
  'secondary_metric_name',
  'secondary_metric_direction',
  'min_peer_evaluations',
  'noise_unit',
  'noise_band',
] as const

/** POST /tasks. */
export const postTask =
  ({ taskId, record, env }: TaskInput): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at }) => {
    const no = (status: number, code: string, reason: string) =>
      refuse({ command: 'post-task', status, code, reason, subject: record.slug }, at)
    if (state.slugs.has(record.slug)) return no(409, 'slug_taken', 'Another task has this slug')
    const fault = taskFault(record)
    if (fault) return no(422, 'task_invalid', fault)
    const payload = {
      taskId,
      slug: record.slug,
      record,
      env,
      specHash: hashOf({ record, env }),
      actor: ADMIN,
      at,
    }
    const task = { taskId, record, env, specHash: payload.specHash, state: 'live' as const }
    const shown = showTask({ ...task, createdAtMs: at, updatedAtMs: at })
    return done(shown, [draft('TaskPosted', payload)], { status: 201 })
  }

/** PUT /tasks/{id}: submissions that are in keep the specification they were frozen with. */
export const editTask =
  ({ taskId, record, env }: TaskInput): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at }) => {
    const no = (status: number, code: string, reason: string) =>
      refuse({ command: 'edit-task', status, code, reason, subject: taskId }, at)
    const task = state.tasks.get(taskId)
    if (!task) return no(404, 'task_not_found', 'There is no such task')
    if (record.slug !== task.record.slug) return no(409, 'slug_fixed', 'A slug is the public name for good')
    const fault = taskFault(record)
    if (fault) return no(422, 'task_invalid', fault)
    const changed = FIXED.find((field) => (record[field] ?? null) !== (task.record[field] ?? null))
    if (changed && state.byTask.has(taskId))
      return no(409, 'task_in_use', `${changed} is fixed once there are submissions`)
    const specHash = hashOf({ record, env })
    const payload = { taskId, slug: record.slug, record, env, specHash, actor: ADMIN, at }
    return done(showTask({ ...task, record, env, specHash, updatedAtMs: at }), [draft('TaskEdited', payload)])
  }

const TARGETS: Readonly<Record<'pause' | 'resume' | 'close', TaskState>> = {
  pause: 'paused',
  resume: 'live',
  close: 'closed',
}

/** POST /tasks/{id}/pause, resume, close: closed is for good. */
export const changeTaskState =
  (taskId: string, act: 'pause' | 'resume' | 'close'): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at }) => {
    const no = (status: number, code: string, reason: string) =>
      refuse({ command: `task-${act}`, status, code, reason, subject: taskId }, at)
    const task = state.tasks.get(taskId)
    if (!task) return no(404, 'task_not_found', 'There is no such task')
    const to = TARGETS[act]
    if (task.state === to) return done(showTask(task))
    if (task.state === 'closed') return no(409, 'task_closed', 'A closed task stays closed')
    const event = draft('TaskStateChanged', { taskId, from: task.state, to, actor: ADMIN, at })
    return done(showTask({ ...task, state: to, updatedAtMs: at }), [event])
  }
