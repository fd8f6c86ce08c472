import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { addressOf } from '../../core/signatures'
import { gatesOf } from '../auth/faults'
import { rfc3339 } from '../batches/spec'
import { policyNow } from '../policy-now'
import type { CasterServices } from '../services'
import { answerOf } from '../weights/answer-of'
import { serveWeights } from '../weights/decide-weights'
import { signedRoute, signerOf } from './authenticate'
import { Open, refusals } from './shapes'

const nullableUid = Type.Union([Type.Integer(), Type.Null()])

/** Weights for validators whose gate is open, and the roster for everybody (spec caster §8, §10). */
export const weightRoutes =
  (services: CasterServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, facts, netuid, rules, settings } = services
    app.get(
      '/weights',
      {
        ...signedRoute(services),
        schema: {
          summary: 'Validator: weights of the present roster, with uids of one finalized block',
          response: {
            200: Open({
              weights: Type.Record(Type.String(), Type.Number()),
              final_top: Type.Union([Type.Array(nullableUid), Type.Null()]),
            }),
            ...refusals(403, 429, 503),
          },
        },
      },
      async (request, reply) => {
        const metagraph = await facts.metagraph(netuid)
        const asking = { signer: signerOf(request), metagraph, gates: gatesOf(settings) }
        const { status, body } = await commands.execute(serveWeights(asking, rules))
        return reply
          .status(status as 200)
          .type('application/json; charset=utf-8')
          .send(body as never)
      },
    )
    app.get(
      '/roster',
      {
        schema: {
          summary: 'The sticky roster, with the share of each place',
          response: { 200: Open({ places: Type.Array(Type.Unknown()) }), ...refusals(503) },
        },
      },
      async () => {
        const { state } = commands
        const metagraph = await facts.metagraph(netuid)
        const policy = policyNow(state, rules, state.height)
        const { roster, places } = answerOf(state, metagraph, policy, rules)
        const shareOf = new Map(places.map(({ place, share }) => [place, share]))
        return {
          batch_id: state.rosterBatchId,
          decided_at: state.rosterBatchId === null ? null : rfc3339(state.rosterAtMs),
          policy_id: policy.id,
          height: metagraph.height,
          places: roster.map((entry, place) => ({
            place: place + 1,
            hotkey: entry && addressOf(entry.hotkey),
            artifact_id: entry?.artifactId ?? null,
            uid: entry ? (metagraph.uidOf.get(entry.hotkey) ?? null) : null,
            share: shareOf.get(place) ?? 0,
          })),
        }
      },
    )
  }
