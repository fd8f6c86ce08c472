import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { BitrecsServices } from '../services'

/** What miners and the operator send (spec bitrecs.md §2). */
export const submissionRoutes =
  (_services: BitrecsServices): FastifyPluginAsyncTypebox =>
  async () => {}
