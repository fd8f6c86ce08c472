import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { draft } from '../../core/platform-event'
import { refuse } from '../evaluation/answer'
import { costOf, priceTable } from '../evaluation/prices'
import type { BitrecsServices } from '../services'

const Cost = Type.Object({
  input_cost: Type.Number(),
  output_cost: Type.Number(),
  total_cost: Type.Number(),
  currency: Type.Literal('USD'),
})
const Detail = Type.Object({ detail: Type.Unknown(), code: Type.Optional(Type.String()) })
const Tokens = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })

/** What inference costs, and what nodes say they spent (spec bitrecs §4). */
export const inferenceRoutes =
  (services: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const prices = priceTable(services.settings.bitrecsPrices)
    const Estimate = Type.Object({
      provider: Type.String({ maxLength: 100 }),
      model_name: Type.String({ maxLength: 200 }),
      input_tokens: Tokens,
      output_tokens: Tokens,
    })
    app.post(
      '/inference/estimate-cost',
      { schema: { body: Estimate, response: { 200: Cost, 503: Detail } } },
      async ({ body }, reply) => {
        const cost = costOf(prices, body.provider, body.model_name, body.input_tokens, body.output_tokens)
        if (cost) return cost
        const detail = `No price is known for ${body.provider}/${body.model_name}`
        return reply.status(503).send({ detail, code: 'price_unknown' })
      },
    )

    const Report = Type.Object({
      evaluation_run_id: Type.String({ maxLength: 64 }),
      provider: Type.String({ maxLength: 100 }),
      model: Type.String({ maxLength: 200 }),
      temperature: Type.Number(),
      messages: Type.Optional(Type.Unknown()),
      status_code: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
      response: Type.Optional(Type.Unknown()),
      num_input_tokens: Tokens,
      num_output_tokens: Tokens,
      cost_usd: Type.Number({ minimum: 0 }),
      response_sent_at: Type.Optional(Type.Unknown()),
    })
    const Reported = Type.Object({ inference_id: Type.String(), status: Type.Literal('reported') })
    app.post(
      '/inference/report-cost',
      { schema: { body: Report, response: { 200: Reported, 404: Detail } } },
      async ({ body }, reply) => {
        const inferenceId = randomUUID()
        const runId = body.evaluation_run_id.toLowerCase()
        const answer = await services.commands.execute((state, { timeMs: at }) => {
          if (!state.evaluation.runs.has(runId)) {
            const reason = `There is no run ${runId}`
            return refuse(
              { command: 'report-cost', status: 404, code: 'unknown_run', reason, subject: runId },
              at,
            )
          }
          const event = draft('BitrecsInferenceReported', {
            inferenceId,
            runId,
            provider: body.provider,
            model: body.model,
            temperature: body.temperature,
            statusCode: body.status_code ?? null,
            inputTokens: body.num_input_tokens,
            outputTokens: body.num_output_tokens,
            costUsd: body.cost_usd,
            at,
          })
          return {
            events: [event],
            reply: { status: 200, body: { inference_id: inferenceId, status: 'reported' } },
          }
        })
        return reply.status(answer.status as 200).send(answer.body as never)
      },
    )
  }
