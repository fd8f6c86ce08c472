import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { gatesOf } from '../auth/gates'
import type { AutoresearchServices } from '../services'
import type { AutoresearchState, Task } from '../state'
import { openClaim } from '../work/decide-claim'
import { needsAdmin, needsSignature, signerOf } from './authenticate'
import { answered, IdParams, Open, refusals, Uuid } from './shapes'

const LISTED_MAX = 200

/**
 * Work items as far as they follow from tasks and claims: each live task is an open one, each claim a claimed or completed one. A
 * planner that invents work was never published, and none is pretended here.
 */
function itemsOf(state: Readonly<AutoresearchState>, nowMs: number) {
  const open = [...state.tasks.values()]
    .filter((task) => task.state === 'live' && task.record.is_active)
    .map(({ taskId, record }) => ({
      id: taskId,
      task_id: taskId,
      title: `Improve ${record.metric_name} of ${record.slug}`,
      status: 'open',
      claim_id: null as string | null,
      miner_hotkey: null as string | null,
    }))
  const titleOf = (task: Task | undefined) => `Improve ${task?.record.metric_name} of ${task?.record.slug}`
  const taken = [...state.claims.values()]
    .filter(
      (claim) => claim.status === 'submitted' || (claim.status === 'active' && nowMs < claim.expiresAtMs),
    )
    .map((claim) => ({
      id: claim.claimId,
      task_id: claim.taskId,
      title: titleOf(state.tasks.get(claim.taskId)),
      status: claim.status === 'submitted' ? 'completed' : 'claimed',
      claim_id: claim.claimId as string | null,
      miner_hotkey: claim.hotkey as string | null,
    }))
  return [...open, ...taken.slice(-LISTED_MAX)]
}

/** Planner and work items (spec autoresearch §4), in the smallest honest form. */
export const plannerRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules, facts, netuid, settings } = services
    const gates = gatesOf(settings)
    for (const path of ['/planner/run', '/planner/run-agentic']) {
      app.post(
        path,
        {
          onRequest: needsAdmin(services),
          schema: {
            summary: 'Operator: work items as they follow from the live tasks; nothing is generated',
            response: {
              200: Open({ planner: Type.String(), work_items: Type.Array(Type.Unknown()) }),
              ...refusals(),
            },
          },
        },
        async () => ({
          planner: 'open-tasks/1',
          work_items: itemsOf(commands.state, commands.now()).filter(({ status }) => status === 'open'),
        }),
      )
    }
    app.get(
      '/work-items',
      {
        schema: {
          summary: 'Work items: open tasks, and claims on them',
          querystring: Type.Object({
            task_id: Type.Optional(Uuid),
            status: Type.Optional(
              Type.Union([Type.Literal('open'), Type.Literal('claimed'), Type.Literal('completed')]),
            ),
          }),
          response: { 200: Open({ work_items: Type.Array(Type.Unknown()) }), ...refusals() },
        },
      },
      async ({ query }) => ({
        work_items: itemsOf(commands.state, commands.now()).filter(
          (item) =>
            (!query.task_id || item.task_id === query.task_id) &&
            (!query.status || item.status === query.status),
        ),
      }),
    )
    app.post(
      '/work-items/:id/claim',
      {
        preValidation: needsSignature(services),
        config: { rateLimit: { max: settings.autoresearchRequestsPerMinute, timeWindow: '1 minute' } },
        schema: {
          summary: 'Miner: claim a work item, which is a claim on its task',
          params: IdParams,
          response: { 201: Open({ id: Type.String() }), ...refusals(403, 404, 409, 429) },
        },
      },
      async (request, reply) => {
        const signer = signerOf(request)
        const isRegistered =
          !gates.needsRegistration || (await facts.registration(netuid, signer.account)) !== null
        const input = {
          claimId: randomUUID(),
          taskId: request.params.id,
          description: 'work item',
          baseSubmissionId: null,
        }
        return answered(
          reply,
          await commands.execute(openClaim({ ...input, signer, isRegistered }, rules, gates)),
        )
      },
    )
  }
