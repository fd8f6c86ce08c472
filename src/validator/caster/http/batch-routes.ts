import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BatchQueue } from '../batch/batch-queue'
import { type BatchSpec, batchFault } from '../batch/batch-spec'
import type { BatchStore } from '../batch/batch-store'
import { type Caller, type CallerRules, checkCaller } from './check-caller'
import { rawBodyOf } from './raw-body'

export interface BatchRouteServices {
  readonly store: BatchStore
  readonly queue: BatchQueue
  readonly callers: CallerRules
  /** Of the weights loop. */
  readonly weightsState: () => {
    readonly last_weight_submission_at: string | null
    readonly last_weight_error: string | null
  }
}

/** Five hundred claims with their references are about 5 MB. */
const BATCH_MAX_BYTES = 33_554_432

/** What the platform calls (spec caster §11); results and batches only for hotkeys of the subnet's owner. */
export function batchRoutes(
  app: FastifyInstance,
  { store, queue, callers, weightsState }: BatchRouteServices,
): void {
  const signers = new WeakMap<FastifyRequest, Caller>()
  const preValidation = async (request: FastifyRequest, reply: FastifyReply) => {
    const { method, url, headers } = request
    const found = await checkCaller({ method, url, headers, body: rawBodyOf(request) }, callers)
    if ('account' in found) return void signers.set(request, found)
    const { status, ...refusal } = found
    return reply.status(status).send(refusal)
  }

  app.post(
    '/validator/miner-task-batches/batch',
    { preValidation, bodyLimit: BATCH_MAX_BYTES },
    async (request, reply) => {
      const fault = batchFault(request.body)
      if (fault !== undefined) return reply.status(422).send({ detail: 'batch_invalid', message: fault })
      const accepted = await store.accept(request.body as BatchSpec)
      if (accepted.kind === 'conflict')
        return reply
          .status(409)
          .send({ detail: 'batch_conflict', message: 'this batch was sent before with another body' })
      const { batch } = accepted
      if (batch.status === 'queued') queue.add(batch)
      return { status: 'accepted', batch_id: batch.id, caller: signers.get(request)!.ss58 }
    },
  )

  app.get<{ Params: { id: string } }>(
    '/validator/miner-task-batches/:id/progress',
    { preValidation },
    async (request, reply) => {
      const batch = store.get(request.params.id)
      if (!batch)
        return reply.status(404).send({ detail: 'batch_not_found', message: 'there is no such batch' })
      return batch.progress()
    },
  )

  app.get('/validator/status', async () => ({ ...queue.state(), ...weightsState() }))
}
