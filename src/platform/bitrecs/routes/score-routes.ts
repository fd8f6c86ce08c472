import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { canonicalJson } from '../../../log/canonical-json'
import type { Hex } from '../../../log/envelope'
import type { Registration } from '../../core/chain-facts'
import { accountOf } from '../../core/signatures'
import { refuse } from '../evaluation/answer'
import { uploadScores } from '../evaluation/decide-upload'
import { evaluationSettings } from '../evaluation/settings'
import type { BitrecsServices } from '../services'

const UPLOAD_MAX_ROWS = 2_000

const Row = Type.Object({
  run_id: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
  hotkey: Type.String({ maxLength: 64 }),
  task_name: Type.String({ maxLength: 200 }),
  score: Type.Number(),
  success: Type.Boolean(),
  duration: Type.Number({ minimum: 0 }),
  evaluation_set_id: Type.Integer(),
  sample_size: Type.Integer({ minimum: 0 }),
})
const Body = Type.Object({
  hotkey: Type.String({ maxLength: 64 }),
  nonce: Type.String({ minLength: 8, maxLength: 64 }),
  timestamp: Type.Integer({ description: 's since the Unix epoch' }),
  signature: Type.String({
    maxLength: 200,
    description: 'sr25519 over the canonical JSON of the other fields',
  }),
  scores: Type.Array(Row, { maxItems: UPLOAD_MAX_ROWS }),
})
const Taken = Type.Object({
  accepted: Type.Integer(),
  refused: Type.Array(Type.Object({ run_id: Type.String(), code: Type.String() })),
})
const Detail = Type.Object({ detail: Type.Unknown(), code: Type.Optional(Type.String()) })

/** The text that a validator signs: canonical JSON of everything but the signature. */
export const uploadMessage = (body: {
  hotkey: string
  nonce: string
  timestamp: number
  scores: readonly unknown[]
}): string => {
  const { hotkey, nonce, timestamp, scores } = body
  return canonicalJson({ hotkey, nonce, scores, timestamp })
}

/** Signed scores of validators: ours, instead of the reference's unsigned database files (spec bitrecs §7, 15). */
export const scoreRoutes =
  (services: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { validators, takesUploads } = evaluationSettings(services.settings)
    const { commands, facts, netuid, signatures } = services
    const schema = {
      body: Body,
      response: { 200: Taken, 400: Detail, 401: Type.Unknown(), 403: Detail, 409: Detail },
    }
    app.post('/scores/upload', { schema }, async ({ body }, reply) => {
      if (!takesUploads) {
        const off = { command: 'upload-scores', status: 403, code: 'uploads_off', subject: body.hotkey }
        const reason = 'Scores come from runs here'
        const refused = await commands.execute((_, { timeMs }) => refuse({ ...off, reason }, timeMs))
        return reply.status(403).send(refused.body as never)
      }
      const validator = accountOf(body.hotkey)
      const message = uploadMessage(body)
      const accounts = new Map<string, Hex>()
      for (const { hotkey } of body.scores) {
        const account = accountOf(hotkey)
        if (account) accounts.set(hotkey, account)
      }
      const registrations = new Map<Hex, Registration | null>()
      for (const account of new Set(accounts.values())) {
        registrations.set(account, await facts.registration(netuid, account))
      }
      const upload = {
        validator,
        address: body.hotkey,
        nonce: body.nonce,
        timestamp: body.timestamp,
        isSigned: await signatures.check(validator, message, body.signature),
        isWhitelisted: validator !== null && validators.has(validator),
        requestHash: createHash('sha256').update(message).digest('hex'),
        rows: body.scores,
        accounts,
        registrations,
      }
      const answer = await commands.execute((state, moment) => uploadScores(state, moment, upload))
      return reply.status(answer.status as 200).send(answer.body as never)
    })
  }
