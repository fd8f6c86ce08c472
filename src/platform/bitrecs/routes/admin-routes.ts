import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type TSchema, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { accountOf } from '../../core/signatures'
import { type AdminAct, decideAdmin } from '../admin/decide-admin'
import type { BitrecsServices } from '../services'
import { isOneOf } from './same-secret'
import { Open, refusals, ShortText } from './shapes'

const AgentId = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
const Answer = { 200: Open({ status: Type.String() }), ...refusals(400, 401, 404, 409, 422) }
const POLICY_MAX_BLOCK = 2_147_483_647

const HotkeyBody = Type.Object({ hotkey: ShortText, reason: ShortText })
const AgentBody = Type.Object({ agent_id: AgentId, reason: ShortText })
const SwitchBody = Type.Object({ enabled: Type.Boolean(), reason: ShortText })
const PolicyBody = Type.Object({
  policy: Open({
    id: Type.String({ minLength: 1, maxLength: 128 }),
    effectiveFromBlock: Type.Integer({ minimum: 0, maximum: POLICY_MAX_BLOCK }),
  }),
})

const described = <Body extends TSchema>(summary: string, body: Body) => ({
  schema: { summary, body, response: Answer },
})

/** What the operator does. Each is an event with its reason, so that anyone can read why a hotkey is out. */
export const adminRoutes =
  ({ commands, settings, checkPolicy }: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addHook('onRequest', needsToken(settings.bitrecsAdminToken))
    const run = async (reply: FastifyReply, act: AdminAct) => {
      const { status, body } = await commands.execute(decideAdmin(act))
      return reply.status(status).send(body) as never
    }
    app.post(
      '/admin/ban-hotkey',
      described('Take a hotkey out of queues and scores', HotkeyBody),
      ({ body: { hotkey, reason } }, reply) =>
        run(reply as never, { act: 'ban-hotkey', hotkey: accountOf(hotkey), reason }),
    )
    app.post(
      '/admin/unban-hotkey',
      described('Lift a ban', HotkeyBody),
      ({ body: { hotkey, reason } }, reply) =>
        run(reply as never, { act: 'unban-hotkey', hotkey: accountOf(hotkey), reason }),
    )
    app.post(
      '/admin/unapprove-agent',
      described('Take one artifact out of queues and scores', AgentBody),
      ({ body: { agent_id: agentId, reason } }, reply) =>
        run(reply as never, { act: 'unapprove-agent', agentId, reason }),
    )
    app.post(
      '/admin/submissions',
      described('Open or close the platform to submissions', SwitchBody),
      ({ body: { enabled, reason } }, reply) =>
        run(reply as never, { act: 'switch-submissions', enabled, reason }),
    )
    app.post(
      '/admin/policy',
      described('Record a policy of the mechanism that holds from a block on', PolicyBody),
      ({ body: { policy } }, reply) => {
        checkPolicy(policy)
        return run(reply as never, { act: 'set-policy', policy })
      },
    )
  }

const needsToken = (token: string | undefined) => async (request: FastifyRequest, reply: FastifyReply) => {
  if (token && isOneOf(request.headers['x-admin-token'], [token])) return undefined
  const error = token ? 'Invalid admin token' : 'No admin token is configured'
  return reply.status(401).send({ error, code: 'admin_token_invalid' })
}
