import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import { readBlob } from '../../core/blobs'
import { reverseSubmission } from '../results/decide-reversal'
import type { AutoresearchServices } from '../services'
import { comparatorNow, directionsOf } from '../tasks/task-rules'
import { needsAdmin } from './authenticate'
import { answered, HotkeyText, IdParams, Open, Page, page, refusals, Uuid } from './shapes'
import { showSubmission, showTimeline, showVerification } from './show-submission'

const Shown = Open({ id: Type.String(), status: Type.String() })

/** Submissions as anyone reads them, peer evaluations, logs, and the operator's reversal. */
export const submissionRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules, pool } = services
    const missing = (reply: FastifyReply, what = 'submission_not_found') =>
      answered(reply, { status: 404, body: { detail: what, message: 'There is no such thing' } }) as never
    const found = (id: string) => commands.state.submissions.get(id)

    app.get(
      '/submissions',
      {
        schema: {
          summary: 'Submissions, newest first',
          querystring: Type.Object({
            ...Page,
            task_id: Type.Optional(Uuid),
            miner_hotkey: Type.Optional(HotkeyText),
            status: Type.Optional(Type.String({ maxLength: 30 })),
          }),
          response: { 200: Open({ submissions: Type.Array(Shown), total: Type.Integer() }), ...refusals() },
        },
      },
      async ({ query }) => {
        const { task_id: taskId, miner_hotkey: hotkey, status } = query
        const all = [...commands.state.submissions.values()].filter(
          (one) =>
            (!taskId || one.taskId === taskId) &&
            (!hotkey || one.hotkey === hotkey) &&
            (!status || one.status === status),
        )
        return { submissions: page(all, query).map(showSubmission), total: all.length }
      },
    )
    app.get(
      '/submissions/:id',
      { schema: { summary: 'A submission', params: IdParams, response: { 200: Shown, ...refusals(404) } } },
      async ({ params }, reply) => {
        const submission = found(params.id)
        return submission ? showSubmission(submission) : missing(reply)
      },
    )
    app.get(
      '/submissions/:id/detail',
      {
        schema: {
          summary: 'A submission with its timeline, replays, and why it is not the best',
          params: IdParams,
          response: { 200: Shown, ...refusals(404) },
        },
      },
      async ({ params }, reply) => {
        const { state } = commands
        const submission = found(params.id)
        if (!submission) return missing(reply)
        const { record } = state.tasks.get(submission.taskId)!
        const comparator = comparatorNow(state as never, rules, state.height, record)
        const results = state.standings.get(submission.taskId)?.results ?? []
        const direction = record.metric_direction
        const jobs = submission.jobs.map((id) => state.jobs.get(id)!)
        return {
          ...showSubmission(submission),
          replay_spec: submission.spec,
          timeline: showTimeline(submission),
          verifications: jobs.filter(({ result }) => result).map(showVerification),
          jobs_open: jobs.filter(({ result }) => !result).length,
          explanation:
            submission.status === 'accepted'
              ? rules.explainBest(results, params.id, direction, comparator, directionsOf(record))
              : null,
        } as never
      },
    )

    const sendLog = async (reply: FastifyReply, sha256: string | undefined) => {
      const bytes = sha256 ? await readBlob(pool, sha256) : null
      if (!bytes) return missing(reply, 'log_not_found')
      return reply.type('text/plain; charset=utf-8').send(bytes.toString('utf8')) as never
    }
    app.get(
      '/submissions/:id/execution.log',
      {
        schema: {
          summary: 'The miner’s own log',
          params: IdParams,
          response: { 200: Type.String(), ...refusals(404) },
        },
      },
      async ({ params }, reply) => sendLog(reply, found(params.id)?.executionLog?.sha256),
    )
    app.get(
      '/submissions/:id/replay.log',
      {
        onRequest: needsAdmin(services),
        schema: {
          summary: 'Operator: log of the newest replay',
          params: IdParams,
          response: { 200: Type.String(), ...refusals(404) },
        },
      },
      async ({ params }, reply) => {
        const jobs = (found(params.id)?.jobs ?? []).map((id) => commands.state.jobs.get(id)!)
        return sendLog(reply, jobs.findLast(({ result }) => result?.log)?.result?.log?.sha256)
      },
    )
    app.get(
      '/submissions/:id/artifact',
      {
        schema: {
          summary: 'Where the artifact lies, as the miner declared it (redirect)',
          params: IdParams,
          response: { 302: Type.Null({ description: 'See Location' }), ...refusals(404) },
        },
      },
      async ({ params }, reply) => {
        const artifact = found(params.id)?.artifact
        return artifact ? (reply.redirect(artifact.uri, 302) as never) : missing(reply, 'artifact_not_found')
      },
    )
    app.post(
      '/submissions/:id/reverse',
      {
        onRequest: needsAdmin(services),
        schema: {
          summary: 'Operator: take back an acceptance, with a reason',
          params: IdParams,
          body: Type.Object(
            { reason: Type.String({ minLength: 3, maxLength: 1_000 }) },
            { additionalProperties: false },
          ),
          response: { 200: Shown, ...refusals(404, 409) },
        },
      },
      async ({ params, body }, reply) =>
        answered(reply, await commands.execute(reverseSubmission(params.id, body.reason, rules))),
    )
  }
