import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { canonicalJson } from '../../../log/canonical-json'
import { gatesOf, isTrusted } from '../auth/faults'
import type { Signer } from '../auth/signer'
import { batchSpec, isClosed, rfc3339, withoutReference } from '../batches/spec'
import { openClaims } from '../datasets/seal-claims'
import { readClaims, readScript } from '../private/private-content'
import type { CasterServices } from '../services'
import type { Batch } from '../state'
import { optionalSigner, signedRoute, signerOf, takesSignature } from './authenticate'
import { IdParams, notFound, Open, Page, page, refusals, turnedAway, Uuid } from './shapes'

const showBatch = (batch: Batch) => ({
  batch_id: batch.batchId,
  status: batch.status,
  dataset_id: batch.datasetId,
  claims_sha256: batch.claimsSha256,
  claims: batch.claimIds.length,
  candidates: batch.candidates.length,
  champion_uid: batch.championUid,
  created_at: rfc3339(batch.createdAtMs),
  cutoff_at: rfc3339(batch.cutoffAtMs),
  closes_at: rfc3339(batch.closesAtMs),
  closed_at: batch.closedAtMs === null ? null : rfc3339(batch.closedAtMs),
  closed_by: batch.cause,
})

/** Batches as validators and everybody else read them. */
export const batchReadRoutes =
  (services: CasterServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, facts, netuid, pool, settings } = services
    const { config } = signedRoute(services)
    /** Whoever has the batch, or is to have it. */
    const mayRead = async ({ account }: Signer, batch: Batch) => {
      const metagraph = await facts.metagraph(netuid)
      if (batch.deliveries.has(account)) return metagraph.uidOf.has(account)
      return isTrusted(commands.state, metagraph, gatesOf(settings), account)
    }

    app.get(
      '/miner-task-batches',
      {
        schema: {
          summary: 'Batches, newest first',
          querystring: Type.Object(Page),
          response: {
            200: Open({ batches: Type.Array(Type.Unknown()), total: Type.Integer() }),
            ...refusals(),
          },
        },
      },
      async ({ query }) => {
        const batches = [...commands.state.batches.values()]
        return { batches: page(batches, query).map(showBatch), total: batches.length }
      },
    )
    app.get(
      '/miner-task-batches/batch/:id',
      {
        config,
        preValidation: takesSignature(services),
        schema: {
          summary: 'A batch; its references only for validators that have it, and for all when it is closed',
          params: IdParams,
          response: { 200: Open({ batch_id: Type.String() }), ...refusals(404, 429) },
        },
      },
      async (request, reply) => {
        const batch = commands.state.batches.get(request.params.id)
        if (!batch) return turnedAway(reply, notFound('batch')) as never
        const claims = openClaims(await readClaims(pool, netuid, batch.claimsSha256))
        const signer = optionalSigner(request)
        const isTold = isClosed(batch) || (signer !== undefined && (await mayRead(signer, batch)))
        const spec = batchSpec(batch, isTold ? claims : claims.map(withoutReference))
        return reply.type('application/json; charset=utf-8').send(canonicalJson(spec) as never) as never
      },
    )
    app.get(
      '/miner-task-batches/:id/artifacts/:artifact',
      {
        ...signedRoute(services),
        schema: {
          summary: 'Validator: bytes of a script of the batch',
          params: Type.Object({ id: Uuid, artifact: Uuid }),
          response: {
            200: Type.String({
              format: 'binary',
              description: 'bytes, with their SHA-256 in x-content-sha256',
            }),
            ...refusals(403, 404, 429),
          },
        },
      },
      async (request, reply) => {
        const { id, artifact } = request.params
        const batch = commands.state.batches.get(id)
        if (!batch) return turnedAway(reply, notFound('batch')) as never
        if (!(await mayRead(signerOf(request), batch))) {
          const reason = 'Only registered validators with a permit that this batch is for get its scripts'
          return turnedAway(reply, { status: 403, code: 'validator_not_permitted', reason }) as never
        }
        const candidate = batch.candidates.find(({ artifactId }) => artifactId === artifact)
        if (!candidate) return turnedAway(reply, notFound('artifact')) as never
        const bytes = await readScript(pool, netuid, candidate.contentSha256)
        return reply
          .header('x-content-sha256', candidate.contentSha256)
          .header('content-disposition', 'attachment')
          .type('application/octet-stream')
          .send(bytes as never) as never
      },
    )
  }
