import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Command } from '../../core/decider'
import { type AdminAct, decideAdmin } from '../admin/decide-admin'
import type { BitrecsServices } from '../services'
import type { BitrecsState } from '../state'
import type { Reply } from '../submission/decide'
import { accountOf } from '../submission/signatures'
import { isOneOf } from './same-secret'
import { Open, refusals, ShortText } from './shapes'

const AgentId = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
const Answer = { 200: Open({ status: Type.String() }), ...refusals(400, 401, 404, 409, 422) }
const POLICY_MAX_BLOCK = 2_147_483_647

/** What the operator does. Each is an event with its reason, so that anyone can read why a hotkey is out. */
export const adminRoutes =
  ({ commands, settings, checkPolicy }: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tokens = settings.bitrecsAdminToken ? [settings.bitrecsAdminToken] : []
    app.addHook('onRequest', async (request, reply) => {
      if (isOneOf(request.headers['x-admin-token'], tokens)) return
      const error = tokens.length === 0 ? 'No admin token is configured' : 'Invalid admin token'
      await reply.status(401).send({ error, code: 'admin_token_invalid' })
    })
    const run = async (
      reply: { status(code: number): { send(body: unknown): unknown } },
      command: Command<BitrecsState, Reply>,
    ) => {
      const { status, body } = await commands.execute(command)
      return reply.status(status).send(body)
    }
    const act = (what: AdminAct) => decideAdmin(what)
    const hotkeyBody = Type.Object({ hotkey: ShortText, reason: ShortText })

    app.post(
      '/admin/ban-hotkey',
      { schema: { summary: 'Take a hotkey out of queues and scores', body: hotkeyBody, response: Answer } },
      ({ body: { hotkey, reason } }, reply) =>
        run(reply, act({ act: 'ban-hotkey', hotkey: accountOf(hotkey), reason })) as never,
    )
    app.post(
      '/admin/unban-hotkey',
      { schema: { summary: 'Lift a ban', body: hotkeyBody, response: Answer } },
      ({ body: { hotkey, reason } }, reply) =>
        run(reply, act({ act: 'unban-hotkey', hotkey: accountOf(hotkey), reason })) as never,
    )
    app.post(
      '/admin/unapprove-agent',
      {
        schema: {
          summary: 'Take one artifact out of queues and scores',
          body: Type.Object({ agent_id: AgentId, reason: ShortText }),
          response: Answer,
        },
      },
      ({ body: { agent_id: agentId, reason } }, reply) =>
        run(reply, act({ act: 'unapprove-agent', agentId, reason })) as never,
    )
    app.post(
      '/admin/submissions',
      {
        schema: {
          summary: 'Open or close the platform to submissions',
          body: Type.Object({ enabled: Type.Boolean(), reason: ShortText }),
          response: Answer,
        },
      },
      ({ body: { enabled, reason } }, reply) =>
        run(reply, act({ act: 'switch-submissions', enabled, reason })) as never,
    )
    app.post(
      '/admin/policy',
      {
        schema: {
          summary: 'Record a policy of the mechanism that holds from a block on',
          body: Type.Object({
            policy: Open({
              id: Type.String({ minLength: 1, maxLength: 128 }),
              effectiveFromBlock: Type.Integer({ minimum: 0, maximum: POLICY_MAX_BLOCK }),
            }),
          }),
          response: Answer,
        },
      },
      ({ body: { policy } }, reply) => {
        checkPolicy(policy)
        return run(reply, act({ act: 'set-policy', policy })) as never
      },
    )
  }
