import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { BitrecsServices } from '../services'
import { listOf } from '../submission/rules'
import { readKey } from '../submission/temp-keys'
import { isOneOf } from './same-secret'
import { refusals } from './shapes'

const REQUESTS_PER_MINUTE = 60

/** The miner's OpenRouter key for those who evaluate its artifact (spec bitrecs.md §4). */
export const tempKeyRoute =
  ({ netuid, commands, pool, settings }: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const keys = listOf(settings.bitrecsApiKeys)
    app.get(
      '/agent/temp-key',
      {
        config: { rateLimit: { max: REQUESTS_PER_MINUTE, timeWindow: '1 minute' } },
        onRequest: async (request, reply) => {
          if (!isOneOf(request.headers['x-api-key'], keys)) {
            await reply
              .status(401 as never)
              .send({ error: 'Invalid or missing API key', code: 'api_key_invalid' } as never)
          }
        },
        schema: {
          summary: 'The temporary OpenRouter key that came with an artifact',
          querystring: Type.Object({ agent_id: Type.String({ maxLength: 64 }) }),
          response: {
            200: Type.Object({ temp_key: Type.String() }, { additionalProperties: false }),
            ...refusals(401, 404, 422, 429),
          },
        },
      },
      async ({ query: { agent_id } }, reply) => {
        const agent = commands.state.agents.get(agent_id)
        const key = agent && (await readKey(pool, netuid, agent.hotkey))
        if (!key)
          return reply
            .status(404 as never)
            .send({ detail: 'No key for this agent', code: 'key_unknown' } as never)
        return { temp_key: key }
      },
    )
  }
