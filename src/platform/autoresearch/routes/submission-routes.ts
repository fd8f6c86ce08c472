import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import { readBlob } from '../../core/blobs'
import { gatesOf } from '../auth/gates'
import { evaluatePeer } from '../results/decide-peer'
import { reverseSubmission } from '../results/decide-reversal'
import type { AutoresearchServices } from '../services'
import type { Submission } from '../state'
import { rfc3339 } from '../tasks/show-task'
import { directionsOf, policyNow } from '../tasks/task-rules'
import { needsAdmin, needsSignature, signerOf } from './authenticate'
import { answered, HotkeyText, IdParams, Metrics, Open, Page, page, refusals, Uuid } from './shapes'
import { showSubmission, showTimeline, showVerification } from './show-submission'

const NOTES_MAX_CHARS = 8_000
const Status = Type.Unsafe<'accepted' | 'rejected' | 'error'>(
  Type.Union([Type.Literal('accepted'), Type.Literal('rejected'), Type.Literal('error')]),
)
const Shown = Open({ id: Type.String(), status: Type.String() })

/** Submissions as anyone reads them, peer evaluations, logs, and the operator's reversal. */
export const submissionRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules, settings, pool, facts, netuid } = services
    const gates = gatesOf(settings)
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
        const { comparator } = policyNow(state as never, rules, state.height)
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

    app.post(
      '/submissions/:id/peer-evaluate',
      {
        preValidation: needsSignature(services),
        config: { rateLimit: { max: settings.autoresearchRequestsPerMinute, timeWindow: '1 minute' } },
        schema: {
          summary: 'Miner: evaluate the work of another one',
          params: IdParams,
          body: Type.Object(
            {
              status: Status,
              observed_metrics: Type.Unsafe<Record<string, number>>({ ...Metrics, default: {} }),
              notes: Type.String({ maxLength: NOTES_MAX_CHARS, default: '' }),
            },
            { additionalProperties: false },
          ),
          response: { 201: Shown, ...refusals(403, 404, 409, 429) },
        },
      },
      async (request, reply) => {
        const { status, observed_metrics: observedMetrics, notes } = request.body
        const signer = signerOf(request)
        const isRegistered =
          !gates.needsRegistration || (await facts.registration(netuid, signer.account)) !== null
        const input = {
          evaluationId: randomUUID(),
          submissionId: request.params.id,
          status,
          observedMetrics,
          notes,
        }
        return answered(
          reply,
          await commands.execute(evaluatePeer({ ...input, signer, isRegistered }, rules, gates)),
        )
      },
    )
    const consensusOf = ({ submissionId, status, metric, peers, taskId }: Submission) => ({
      submission_id: submissionId,
      status,
      accepted_count: peers.accepted,
      rejected_count: peers.rejected,
      min_peer_evaluations: commands.state.tasks.get(taskId)!.record.min_peer_evaluations,
      median_metric: metric,
      evaluators: peers.evaluators,
    })
    app.get(
      '/submissions/:id/peer-consensus',
      {
        schema: {
          summary: 'How far the peers are',
          params: IdParams,
          response: { 200: Open({ submission_id: Type.String(), status: Type.String() }), ...refusals(404) },
        },
      },
      async ({ params }, reply) => {
        const submission = found(params.id)
        return submission ? consensusOf(submission) : missing(reply)
      },
    )
    app.get(
      '/peer-evaluations',
      {
        schema: {
          summary: 'Peer evaluations, newest first',
          querystring: Type.Object({
            ...Page,
            submission_id: Type.Optional(Uuid),
            evaluator_hotkey: Type.Optional(HotkeyText),
            status: Type.Optional(Type.String({ maxLength: 20 })),
          }),
          response: {
            200: Open({ evaluations: Type.Array(Type.Unknown()), total: Type.Integer() }),
            ...refusals(),
          },
        },
      },
      async ({ query }) => {
        const { submission_id: of, evaluator_hotkey: by, status } = query
        const votes = commands.state.votes.filter(
          (vote) =>
            (!of || vote.submissionId === of) &&
            (!by || vote.evaluator === by) &&
            (!status || vote.status === status),
        )
        const evaluations = page(votes, query).map((vote) => ({
          id: vote.evaluationId,
          submission_id: vote.submissionId,
          evaluator_hotkey: vote.evaluator,
          status: vote.status,
          metric: vote.metric,
          notes: vote.notes,
          created_at: rfc3339(vote.atMs),
        }))
        return { evaluations, total: votes.length }
      },
    )
  }
