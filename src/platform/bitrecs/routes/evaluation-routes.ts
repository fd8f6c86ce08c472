import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { BitrecsServices } from '../services'

/** Sessions and runs of validators and screeners (spec bitrecs.md §4). */
export const evaluationRoutes =
  (_services: BitrecsServices): FastifyPluginAsyncTypebox =>
  async () => {}
