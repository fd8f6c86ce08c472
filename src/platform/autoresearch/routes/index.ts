import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { PlatformServices } from '../../core/platform-module'
import { signaturesReady } from '../../core/signatures'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState } from '../state'
import { answerAutoresearchError } from './answer-error'
import { readJson } from './authenticate'
import { claimAdminRoutes } from './claim-admin-routes'
import { claimRoutes } from './claim-routes'
import { peerRoutes } from './peer-routes'
import { plannerRoutes } from './planner-routes'
import { recipientRoutes } from './recipient-routes'
import { rewardRoutes } from './reward-routes'
import { submissionRoutes } from './submission-routes'
import { taskRoutes } from './task-routes'
import { validatorRoutes } from './validator-routes'
import { workRoutes } from './work-routes'

const API = { prefix: '/api/v1' }
const POOL = { prefix: '/claims' }

/** The coordinator's routes under /api/v1 and those of the claim pool under /claims. */
export const autoresearchRoutes =
  (platform: PlatformServices<AutoresearchState>, rules: AutoresearchRules): FastifyPluginAsyncTypebox =>
  async (app) => {
    await signaturesReady()
    const services = { ...platform, rules }
    app.setErrorHandler(answerAutoresearchError)
    app.removeContentTypeParser('application/json')
    app.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (request: FastifyRequest, bytes: Buffer) => readJson(request, bytes),
    )
    await app.register(taskRoutes(services), API)
    await app.register(workRoutes(services), API)
    await app.register(validatorRoutes(services), API)
    await app.register(submissionRoutes(services), API)
    await app.register(peerRoutes(services), API)
    await app.register(rewardRoutes(services), API)
    await app.register(plannerRoutes(services), API)
    await app.register(claimRoutes(services), POOL)
    await app.register(recipientRoutes(services), POOL)
    await app.register(claimAdminRoutes(services), POOL)
  }
