import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { FastifyInstance } from 'fastify'
import type { Json } from '../../../mechanisms/canonical-json'
import { type ExecuteOptions, executeTool } from '../tools/execute-tool'
import { remainingOf, type ToolSession } from '../tools/sessions'
import type { ToolArguments } from '../tools/tool'
import { type ToolRefusalCode, ToolRefused } from '../tools/tool-refused'

/** A script may name its session in the body or in headers: both were published. */
const Call = Type.Object(
  {
    session_id: Type.Optional(Type.String({ maxLength: 100 })),
    token: Type.Optional(Type.String({ maxLength: 100 })),
    tool: Type.String({ maxLength: 100 }),
    args: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 16 })),
    kwargs: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
)

const STATUS: Readonly<Record<ToolRefusalCode, number>> = {
  invalid_arguments: 422,
  provider_error: 502,
  timeout: 504,
  unknown_tool: 404,
  session_expired: 403,
  session_closed: 403,
  concurrent_call: 429,
  too_many_calls: 429,
  budget_exceeded: 402,
}

const CALL_MAX_BYTES = 262_144
const MICRO = 1_000_000

/** `POST /v1/tools/execute`: for sandboxes alone, each with the token of its session (spec caster §3). */
export function toolRoutes(app: FastifyInstance, options: ExecuteOptions): void {
  app.post('/v1/tools/execute', { bodyLimit: CALL_MAX_BYTES }, async ({ body, headers }, reply) => {
    if (!Value.Check(Call, body))
      return reply.status(422).send({ detail: 'request_invalid', message: 'give {tool, args, kwargs}' })
    const { session_id = headers['x-caster-session-id'], token = headers['x-caster-token'] } = body
    const session = options.sessions.find(session_id, token)
    if (!session)
      return reply
        .status(401)
        .send({ detail: 'invalid_token', message: 'there is no such session with this token' })
    const request = {
      tool: body.tool,
      args: (body.args ?? []) as Json[],
      kwargs: (body.kwargs ?? {}) as ToolArguments,
    }
    try {
      const { receipt, answer } = await executeTool(session, request, options)
      const { results, result_policy, cost_usd } = receipt.metadata
      const { usage, response } = answer
      return {
        receipt_id: receipt.receipt_id,
        response,
        results,
        result_policy,
        cost_usd,
        usage: usage
          ? {
              prompt_tokens: usage.input,
              completion_tokens: usage.output + usage.reasoning,
              total_tokens: usage.input + usage.output + usage.reasoning,
            }
          : null,
        budget: budgetOf(session),
      }
    } catch (error) {
      if (!(error instanceof ToolRefused)) throw error
      const { code, message } = error
      return reply.status(STATUS[code]).send({ detail: code, message, facts: { budget: budgetOf(session) } })
    }
  })
}

const budgetOf = (session: ToolSession) => ({
  session_budget_usd: Number(session.budget.limitMicroUsd) / MICRO,
  session_used_budget_usd: Number(session.budget.usedMicroUsd) / MICRO,
  session_remaining_budget_usd: Number(remainingOf(session)) / MICRO,
})
