import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { answerBitrecsError } from '../../../platform/bitrecs/routes/answer-error'
import { needsApiKey } from '../../../platform/bitrecs/routes/api-key'
import type { ReadServices } from '../../core/subnet-reads'
import { evaluationRoutes } from './evaluation-routes'
import { healthRoute, networkRoutes } from './health-routes'
import { BitrecsReader } from './reader'
import { retrievalRoutes } from './retrieval-routes'
import { scoringRoutes } from './scoring-routes'

/** Requests of one address a minute (spec bitrecs §6). */
const REQUESTS_PER_MINUTE = 60
const SET_INFO_PER_MINUTE = 120

/** Read routes of the existing API, with its shapes, from the read models. */
export const bitrecsReadRoutes =
  (services: ReadServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.setErrorHandler(answerBitrecsError)
    const reader = new BitrecsReader(services.pool, services.netuid)
    await app.register(healthRoute(reader, services))
    await app.register(async (keyed) => {
      const keys = (services.settings.bitrecsApiKeys ?? '')
        .split(',')
        .map((key) => key.trim())
        .filter(Boolean)
      keyed.addHook('onRequest', needsApiKey(keys))
      keyed.addHook('onRoute', (route) => {
        const max = route.url.endsWith('/latest-set-info') ? SET_INFO_PER_MINUTE : REQUESTS_PER_MINUTE
        route.config = { ...route.config, rateLimit: { max, timeWindow: '1 minute' } }
      })
      await keyed.register(scoringRoutes(reader, services))
      await keyed.register(retrievalRoutes(reader, services))
      await keyed.register(evaluationRoutes(reader))
      await keyed.register(networkRoutes(reader))
    })
  }
