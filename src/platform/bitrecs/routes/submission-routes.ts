import { randomBytes, randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { accountOf } from '../../core/signatures'
import type { BitrecsServices } from '../services'
import type { Incoming } from '../submission/context'
import { decideCheck, decideSubmit } from '../submission/decide'
import { examine } from '../submission/examine'
import { InclusionProofs } from '../submission/inclusion-proof'
import type { Outside } from '../submission/looks'
import type { MinerSubmission, Transport } from '../submission/request'
import { submissionRules } from '../submission/rules'
import { checkSteps, submitSteps } from '../submission/steps'
import { Open, refusals, ShortText } from './shapes'

const REQUEST_ID_BYTES = 16

const Submission = Open({
  created_at: ShortText,
  github_account: ShortText,
  gist_id: ShortText,
  hotkey: ShortText,
  signature: ShortText,
})

const SubmitHeaders = Type.Object({
  'x-signature': Type.Optional(ShortText),
  'x-timestamp': Type.Optional(ShortText),
  'x-nonce': Type.Optional(ShortText),
  'x-t-nonce': Type.Optional(ShortText),
  'x-ortk': Type.Optional(ShortText),
})

const Accepted = Open({
  artifact_id: Type.String(),
  request_id: Type.String(),
  message: Type.String(),
  similarity_check: Type.String(),
  similar_results: Type.Array(Type.Unknown()),
})

/** What miners send (spec bitrecs.md §2). */
export const submissionRoutes =
  ({ netuid, commands, facts, pool, settings, signatures }: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const rules = submissionRules(settings, netuid)
    const outside: Outside = { rules, facts, pool, proofs: new InclusionProofs(pool, netuid), signatures }
    const config = { rateLimit: { max: settings.bitrecsSubmitsPerMinute, timeWindow: '1 minute' } }
    const incoming = (
      command: Incoming['command'],
      submission: MinerSubmission,
      transport: Transport | null,
    ): Incoming => ({
      command,
      submission,
      transport,
      account: accountOf(submission.hotkey),
      arrivedMs: commands.now(),
      requestId: randomBytes(REQUEST_ID_BYTES).toString('hex'),
      agentId: randomUUID(),
    })

    app.post(
      '/submit',
      {
        config,
        schema: {
          summary: 'Submit an artifact: a gist that was committed on chain',
          body: Submission,
          headers: SubmitHeaders,
          response: { 201: Accepted, ...refusals(400, 403, 409, 422, 429, 500, 503) },
        },
      },
      async (request, reply) => {
        const transport = transportOf(request.headers)
        const asked = incoming('submit', request.body, transport)
        const examined = await examine(submitSteps, asked, outside, () => commands.state)
        const { status, body } = await commands.execute(decideSubmit(examined, rules))
        return reply.status(status as 201).send(body as never)
      },
    )

    app.post(
      '/check',
      {
        config,
        schema: {
          summary: 'Preflight: would this submission be accepted, before anything is committed on chain?',
          body: Submission,
          response: {
            200: Open({ status: Type.String(), message: Type.String() }),
            ...refusals(400, 403, 409, 422, 429, 500, 503),
          },
        },
      },
      async (request, reply) => {
        const asked = incoming('check', request.body, null)
        const examined = await examine(checkSteps, asked, outside, () => commands.state)
        const { status, body } = await commands.execute(decideCheck(examined, rules))
        return reply.status(status as 200).send(body as never)
      },
    )
  }

function transportOf(headers: Readonly<Record<string, unknown>>): Transport {
  const text = (name: string) => (typeof headers[name] === 'string' ? (headers[name] as string) : '')
  return {
    signature: text('x-signature'),
    timestamp: text('x-timestamp'),
    nonce: text('x-nonce'),
    tNonce: text('x-t-nonce'),
    openRouterKey: text('x-ortk') || null,
  }
}
