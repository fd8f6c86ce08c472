import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { BitrecsServices } from '../services'
import { evaluationRoutes } from './evaluation-routes'
import { submissionRoutes } from './submission-routes'

export const bitrecsRoutes =
  (services: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(submissionRoutes(services))
    await app.register(evaluationRoutes(services))
  }
