import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { setPolicy } from '../decide-policy'
import { policyNow } from '../policy-now'
import type { CasterServices } from '../services'
import { needsAdmin } from './authenticate'
import { answered, Open, refusals } from './shapes'

/** Margin, shares, gate and curation as data: most of them were never published (spec caster §7.3, §8). */
export const policyRoutes =
  (services: CasterServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules } = services
    app.get(
      '/policy',
      {
        schema: {
          summary: 'Constants of the mechanism as they hold now',
          response: { 200: Open({ policy: Type.Unknown(), is_default: Type.Boolean() }), ...refusals() },
        },
      },
      async () => {
        const { state } = commands
        const policy = policyNow(state, rules, state.height)
        return { policy, is_default: policy.id === rules.defaultPolicy.id }
      },
    )
    app.put(
      '/policy',
      {
        onRequest: needsAdmin(services),
        schema: {
          summary: 'Operator: record constants that hold from a block on',
          body: Type.Object({ policy: Type.Unknown() }, { additionalProperties: false }),
          response: { 200: Open({ policy_id: Type.String() }), ...refusals(409) },
        },
      },
      async ({ body }, reply) => answered(reply, await commands.execute(setPolicy(body.policy, rules))),
    )
  }
