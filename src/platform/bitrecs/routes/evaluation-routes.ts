import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sweep } from '../evaluation/decide-session'
import { evaluationSettings, listOf } from '../evaluation/settings'
import type { BitrecsServices } from '../services'
import { agentRoutes } from './agent-routes'
import { answerBitrecsError } from './answer-error'
import { needsApiKey } from './api-key'
import { inferenceRoutes } from './inference-routes'
import { nodeRoutes } from './node-routes'
import { recordUnreadable } from './record-unreadable'
import { reportRoutes } from './report-routes'
import { scoreRoutes } from './score-routes'
import { setRoutes } from './set-routes'

/** Sessions, runs and scores of validators and screeners (spec bitrecs.md §4). */
export const evaluationRoutes =
  (services: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(setRoutes(services))
    await app.register(async (keyed) => {
      keyed.addHook('onRequest', needsApiKey(listOf(services.settings.bitrecsApiKeys)))
      keyed.setErrorHandler(async (error: Error, request, reply) => {
        await recordUnreadable(services.commands, error, request)
        answerBitrecsError(error, request, reply)
      })
      await keyed.register(agentRoutes(services))
      await keyed.register(nodeRoutes(services))
      await keyed.register(inferenceRoutes(services))
      await keyed.register(scoreRoutes(services))
      await keyed.register(reportRoutes(services))
    })
  }

/** Sessions whose heartbeat has been missing for too long end, with everything they had open. */
export async function sweepSessions({ commands, settings }: BitrecsServices): Promise<void> {
  const { heartbeatTimeoutMs, rules } = evaluationSettings(settings)
  const oldest = commands.now() - heartbeatTimeoutMs
  const isDue = [...commands.state.evaluation.sessions.values()].some((s) => s.heartbeatAtMs < oldest)
  if (isDue) await commands.execute((state, moment) => sweep(state, moment, heartbeatTimeoutMs, rules))
}
