import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { gatesOf } from '../auth/gates'
import { evaluatePeer } from '../results/decide-peer'
import type { AutoresearchServices } from '../services'
import type { Submission } from '../state'
import { rfc3339 } from '../tasks/show-task'
import { needsSignature, signerOf } from './authenticate'
import { answered, HotkeyText, IdParams, Metrics, Open, Page, page, refusals, Uuid } from './shapes'

const NOTES_MAX_CHARS = 8_000
const Status = Type.Unsafe<'accepted' | 'rejected' | 'error'>(
  Type.Union([Type.Literal('accepted'), Type.Literal('rejected'), Type.Literal('error')]),
)
const Shown = Open({ id: Type.String(), status: Type.String() })

/** Evaluations of miners by miners, and how far each quorum is (spec autoresearch §8). */
export const peerRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules, settings, facts, netuid } = services
    const gates = gatesOf(settings)

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
        const submission = commands.state.submissions.get(params.id)
        if (submission) return consensusOf(submission)
        const body = { detail: 'submission_not_found', message: 'There is no such submission' }
        return answered(reply, { status: 404, body }) as never
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
          observed_metrics: vote.observedMetrics,
          notes: vote.notes,
          created_at: rfc3339(vote.atMs),
        }))
        return { evaluations, total: votes.length }
      },
    )
  }
