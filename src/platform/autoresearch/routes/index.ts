import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { answerWithDetail } from '../../core/answer-detail'
import type { PlatformServices } from '../../core/platform-module'
import { keepSignedBodies } from '../../core/signed-body'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState } from '../state'
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
    const services = { ...platform, rules }
    app.setErrorHandler(answerWithDetail)
    keepSignedBodies(app)
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
