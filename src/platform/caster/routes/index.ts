import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { answerWithDetail } from '../../core/answer-detail'
import { keepSignedBodies } from '../../core/signed-body'
import { platformKeyOf } from '../delivery/platform-key'
import type { CasterServices } from '../services'
import { batchReadRoutes } from './batch-read-routes'
import { batchRoutes } from './batch-routes'
import { datasetRoutes } from './dataset-routes'
import { policyRoutes } from './policy-routes'
import { progressRoutes } from './progress-routes'
import { scriptRoutes } from './script-routes'
import { strictCompiler } from './strict-compiler'
import { validatorRoutes } from './validator-routes'
import { weightRoutes } from './weight-routes'

const API = { prefix: '/v1' }

/** The platform's routes (spec caster §11), all under /v1. */
export const casterRoutes =
  (services: CasterServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    // Here a key that is none ends the start; the clock would only repeat it.
    services.courier.key ??= platformKeyOf(services.settings.casterPlatformKeyUri)
    app.setErrorHandler(answerWithDetail)
    app.setValidatorCompiler(strictCompiler)
    keepSignedBodies(app)
    await app.register(scriptRoutes(services), API)
    await app.register(datasetRoutes(services), API)
    await app.register(batchRoutes(services), API)
    await app.register(batchReadRoutes(services), API)
    await app.register(progressRoutes(services), API)
    await app.register(validatorRoutes(services), API)
    await app.register(weightRoutes(services), API)
    await app.register(policyRoutes(services), API)
  }
