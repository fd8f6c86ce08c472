import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { BitrecsServices } from '../services'
import { adminRoutes } from './admin-routes'
import { answerBitrecsError } from './answer-error'
import { describeRoute } from './describe-route'
import { evaluationRoutes } from './evaluation-routes'
import { submissionRoutes } from './submission-routes'
import { tempKeyRoute } from './temp-key-route'
import { refuseBrokenText } from './whole-text'

export const bitrecsRoutes =
  (services: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.setErrorHandler(answerBitrecsError)
    app.addHook('onRoute', describeRoute)
    app.addHook('preHandler', refuseBrokenText)
    await app.register(submissionRoutes(services))
    await app.register(evaluationRoutes(services))
    await app.register(tempKeyRoute(services))
    await app.register(adminRoutes(services))
  }
