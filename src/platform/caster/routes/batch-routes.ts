import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { refusing } from '../answer'
import { closeBatch } from '../batches/close-batch'
import { createBatch } from '../batches/decide-batch'
import { closeNow } from '../clock'
import { DatasetBody, Time } from '../datasets/claim-record'
import type { CasterServices } from '../services'
import { needsAdmin } from './authenticate'
import { DATASET_BODY_MAX_BYTES, takeDataset } from './dataset-routes'
import { answered, IdParams, Open, refusals, Uuid } from './shapes'

const DURATION_MAX_SECONDS = 2_592_000

const BatchBody = Type.Object(
  {
    batch_id: Type.Optional(Uuid),
    /** Refused when it is not the sitting champion's. */
    champion_uid: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 65_535 }), Type.Null()])),
    dataset_id: Type.Optional(Uuid),
    /** Instead of a data set that is there. */
    dataset: Type.Optional(DatasetBody),
    cutoff_at: Type.Optional(Time),
    closes_in_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: DURATION_MAX_SECONDS })),
  },
  { additionalProperties: false },
)
const NO_CONTENT = Buffer.alloc(0)

/** Batches of the operator (spec caster §6). */
export const batchRoutes =
  (services: CasterServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, facts, netuid, rules, settings, courier } = services
    const admin = { onRequest: needsAdmin(services) }
    app.post(
      '/miner-task-batches/batch',
      {
        ...admin,
        bodyLimit: DATASET_BODY_MAX_BYTES,
        schema: {
          summary: 'Operator: create a batch; it is sent to the validators by the clock',
          body: BatchBody,
          response: { 200: Open({ batch_id: Type.String() }), ...refusals(404, 409, 413, 503) },
        },
      },
      async ({ body }, reply) => {
        const inline = body.dataset ? await takeDataset(services, body.dataset) : null
        if (inline && 'code' in inline)
          return answered(reply, await commands.execute(refusing({ command: 'create-batch', ...inline })))
        const input = {
          batchId: body.batch_id ?? randomUUID(),
          datasetId: body.dataset_id ?? null,
          inline,
          cutoffMs: body.cutoff_at === undefined ? null : Date.parse(body.cutoff_at),
          championUid: body.champion_uid,
          durationSeconds: body.closes_in_seconds ?? settings.casterBatchSeconds,
          metagraph: await facts.metagraph(netuid),
          hasKey: courier.key !== undefined,
        }
        return answered(reply, await commands.execute(createBatch(input, rules)))
      },
    )
    app.post(
      '/miner-task-batches/batch/:id/close',
      {
        ...admin,
        schema: {
          summary: 'Operator: close a batch now; validators that have not reported do not count',
          params: IdParams,
          response: { 200: Open({ batch_id: Type.String() }), ...refusals(404, 409) },
        },
      },
      async ({ params: { id } }, reply) => {
        const batch = commands.state.batches.get(id)
        const answer = batch
          ? await closeNow(services, batch, 'operator')
          : await commands.execute(closeBatch(id, 'operator', NO_CONTENT))
        return answered(reply, answer)
      },
    )
  }
