import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { AutoresearchServices } from '../services'
import { changeTaskState, editTask, postTask } from '../tasks/decide-task'
import { onboardMarkdown } from '../tasks/onboard'
import { keepEnv } from '../tasks/private-env'
import { showTask } from '../tasks/show-task'
import { BenchmarkEnv, TaskRecordSchema } from '../tasks/task-record'
import { comparatorNow, policyNow } from '../tasks/task-rules'
import { needsAdmin } from './authenticate'
import { answered, IdParams, Open, Page, page, refusals } from './shapes'
import { showBest } from './show-submission'

const TaskBody = Type.Object(
  { ...TaskRecordSchema.properties, validator_benchmark_env: BenchmarkEnv },
  { additionalProperties: false },
)
const TaskAnswer = Open({ id: Type.String(), slug: Type.String(), task_state: Type.String() })
const notFound = { status: 404, body: { detail: 'task_not_found', message: 'There is no such task' } }

/** Tasks: anyone reads, the operator writes (spec autoresearch §4). */
export const taskRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules, pool, netuid } = services
    const admin = { onRequest: needsAdmin(services) }

    app.get(
      '/tasks',
      {
        schema: {
          summary: 'Tasks, newest first',
          querystring: Type.Object({
            ...Page,
            state: Type.Optional(
              Type.Union([Type.Literal('live'), Type.Literal('paused'), Type.Literal('closed')]),
            ),
            slug: Type.Optional(Type.String({ maxLength: 120 })),
          }),
          response: { 200: Open({ tasks: Type.Array(TaskAnswer), total: Type.Integer() }), ...refusals() },
        },
      },
      async ({ query }) => {
        const { state, slug } = query
        const tasks = [...commands.state.tasks.values()].filter(
          (task) => (!state || task.state === state) && (!slug || task.record.slug === slug),
        )
        return { tasks: page(tasks, query).map(showTask), total: tasks.length }
      },
    )
    app.get(
      '/tasks/:id',
      { schema: { summary: 'A task', params: IdParams, response: { 200: TaskAnswer, ...refusals(404) } } },
      async ({ params }, reply) => {
        const task = commands.state.tasks.get(params.id)
        return task ? showTask(task) : (answered(reply, notFound) as never)
      },
    )
    app.post(
      '/tasks',
      {
        ...admin,
        schema: { summary: 'Post a task', body: TaskBody, response: { 201: TaskAnswer, ...refusals(409) } },
      },
      async ({ body: { validator_benchmark_env: values, ...record } }, reply) => {
        const env = await keepEnv(pool, netuid, values)
        return answered(reply, await commands.execute(postTask({ taskId: randomUUID(), record, env })))
      },
    )
    app.put(
      '/tasks/:id',
      {
        ...admin,
        schema: {
          summary: 'Edit a task; submissions keep the specification they were frozen with',
          params: IdParams,
          body: TaskBody,
          response: { 200: TaskAnswer, ...refusals(404, 409) },
        },
      },
      async ({ params, body: { validator_benchmark_env: values, ...record } }, reply) => {
        const env = await keepEnv(pool, netuid, values)
        return answered(reply, await commands.execute(editTask({ taskId: params.id, record, env })))
      },
    )
    for (const act of ['pause', 'resume', 'close'] as const) {
      app.post(
        `/tasks/:id/${act}`,
        {
          ...admin,
          schema: {
            summary: `Operator: ${act} a task`,
            params: IdParams,
            response: { 200: TaskAnswer, ...refusals(404, 409) },
          },
        },
        async ({ params }, reply) => answered(reply, await commands.execute(changeTaskState(params.id, act))),
      )
    }
    app.get(
      '/tasks/:id/onboard.md',
      {
        schema: {
          summary: 'What a miner reads first (Markdown)',
          params: IdParams,
          response: { 200: Type.String(), ...refusals(404) },
        },
      },
      async ({ params }, reply) => {
        const { state } = commands
        const task = state.tasks.get(params.id)
        if (!task) return answered(reply, notFound) as never
        const text = onboardMarkdown(task, policyNow(state as never, rules, state.height).claimMinutes)
        return reply.type('text/markdown; charset=utf-8').send(text) as never
      },
    )
    app.get(
      '/tasks/:id/best',
      {
        schema: {
          summary: 'Best result and frontier',
          params: IdParams,
          response: { 200: Open({ task_id: Type.String() }), ...refusals(404) },
        },
      },
      async ({ params }, reply) => {
        const task = commands.state.tasks.get(params.id)
        if (!task) return answered(reply, notFound) as never
        const { state } = commands
        return showBest(task, state, comparatorNow(state as never, rules, state.height, task.record))
      },
    )
  }
