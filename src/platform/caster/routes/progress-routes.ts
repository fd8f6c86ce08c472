import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from '@sinclair/typebox'
import { addressOf } from '../../core/signatures'
import { isClosed, isEnded, rfc3339 } from '../batches/spec'
import { readRow } from '../delivery/checked-rows'
import { nameOf } from '../delivery/courier'
import { readResults } from '../private/private-content'
import type { CasterServices } from '../services'
import type { Batch, Delivery } from '../state'
import { HotkeyText, IdParams, notFound, Open, refusals, turnedAway, Uuid } from './shapes'

/** Scripts at validators of one answer; each is as many results as the batch has claims. */
const ROWS_MAX = 50
const ROWS_DEFAULT = 20

const Rows = Type.Object({
  validator: Type.Optional(HotkeyText),
  artifact_id: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: ROWS_MAX, default: ROWS_DEFAULT }),
  offset: Type.Integer({ minimum: 0, maximum: 10_000_000, default: 0 }),
})

/** Progress of a batch over all its validators. What they found is told when it is closed: grades betray the references. */
export const progressRoutes =
  (services: CasterServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands } = services
    app.get(
      '/miner-task-batches/progress/:id',
      {
        schema: {
          summary: 'Progress by validator; results, by script and validator, when the batch is closed',
          params: IdParams,
          querystring: Rows,
          response: {
            200: Open({
              batch_id: Type.String(),
              status: Type.String(),
              validators: Type.Array(Type.Unknown()),
              miner_task_results: Type.Array(Type.Unknown()),
            }),
            ...refusals(404),
          },
        },
      },
      async ({ params: { id }, query }, reply) => {
        const batch = commands.state.batches.get(id)
        if (!batch) return turnedAway(reply, notFound('batch')) as never
        const cells = batch.candidates.length * batch.claimIds.length
        const deliveries = [...batch.deliveries.values()].sort((a, b) => (a.validator < b.validator ? -1 : 1))
        const done = deliveries.filter(isEnded).length
        const rows = isClosed(batch) ? rowsOf(batch, deliveries, query) : []
        return {
          batch_id: id,
          status: batch.status,
          results_each: cells,
          total: deliveries.length,
          completed: done,
          remaining: deliveries.length - done,
          validators: deliveries.map((delivery) => show(services, batch, delivery)),
          rows: rows.length,
          miner_task_results: await readRows(
            services,
            batch,
            rows.slice(query.offset, query.offset + query.limit),
          ),
        }
      },
    )
  }

function show({ courier }: CasterServices, batch: Batch, delivery: Delivery) {
  const { validator: hotkey, status, attempt, sentAtMs, endedAtMs, reason, detail } = delivery
  const heard = courier.reported.get(nameOf(batch, { hotkey }))
  return {
    hotkey: addressOf(hotkey),
    status,
    attempts: attempt,
    sent_at: rfc3339(sentAtMs),
    ended_at: endedAtMs === null ? null : rfc3339(endedAtMs),
    reason,
    detail,
    reported:
      heard && !isEnded(delivery)
        ? { status: heard.status, completed: heard.completed, total: heard.total, at: rfc3339(heard.atMs) }
        : null,
  }
}

interface ResultRow {
  readonly delivery: Delivery
  readonly artifactId: string
}

function rowsOf(
  { candidates }: Batch,
  deliveries: readonly Delivery[],
  { validator, artifact_id }: Static<typeof Rows>,
): ResultRow[] {
  return deliveries
    .filter(({ resultsSha256 }) => resultsSha256 !== null)
    .filter((delivery) => !validator || addressOf(delivery.validator) === validator)
    .flatMap((delivery) =>
      candidates
        .filter(({ artifactId }) => !artifact_id || artifactId === artifact_id)
        .map(({ artifactId }) => ({ delivery, artifactId })),
    )
}

async function readRows({ pool, netuid }: CasterServices, { batchId }: Batch, rows: readonly ResultRow[]) {
  const read = await Promise.all(
    rows.map(async ({ delivery, artifactId }) => {
      const { validator, resultsSha256 } = delivery
      const place = { batchId, validator, resultsSha256: resultsSha256! }
      const results = readRow(await readResults(pool, netuid, place, artifactId))
      return results.map((result) => ({ validator: addressOf(validator), ...result }))
    }),
  )
  return read.flat()
}
