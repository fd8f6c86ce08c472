import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { createSet } from '../evaluation/decide-evaluation'
import type { BitrecsServices } from '../services'
import { isOneOf } from './same-secret'

const PROBLEMS_MAX = 16
const Problems = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
  maxItems: PROBLEMS_MAX,
  uniqueItems: true,
})

/** Evaluation sets are the operator's (spec bitrecs §3.5). */
export const setRoutes =
  ({ commands, settings }: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const Body = Type.Object({ screener_1: Problems, screener_2: Problems, validator: Problems })
    const response = {
      200: Type.Object({ set_id: Type.Integer() }),
      401: Type.Object({ error: Type.String() }),
    }
    app.post(
      '/admin/evaluation-sets',
      { schema: { body: Body, response } },
      async ({ body, headers }, reply) => {
        const token = settings.bitrecsAdminToken
        if (!token || !isOneOf(headers['x-admin-token'], [token])) {
          return reply.status(401).send({ error: 'Invalid or missing admin token' })
        }
        const answer = await commands.execute((state, moment) => createSet(state, moment, body))
        return reply.status(200).send(answer.body as never)
      },
    )
  }
