import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { draft } from '../../core/platform-event'
import { isOneOf } from '../../core/same-secret'
import { accountOf } from '../../core/signatures'
import { BACKUP_EXPIRES_SECONDS, reportWeights, requestBackup } from '../evaluation/decide-reports'
import { evaluationSettings } from '../evaluation/settings'
import type { BitrecsServices } from '../services'

const BACKUP_MAX_BYTES = 64 * 1_048_576
const Detail = Type.Object({ detail: Type.Unknown(), code: Type.Optional(Type.String()) })

/** What validators report beside their runs: weights they say they set, and copies of their score files. */
export const reportRoutes =
  (services: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands } = services
    const { validators } = evaluationSettings(services.settings)
    const Reported = Type.Object({
      netuid: Type.Optional(Type.Unknown()),
      block: Type.Integer({ minimum: 0 }),
      validator_hotkey: Type.String({ maxLength: 64 }),
      wta_uid: Type.Integer({ minimum: 0, maximum: 65_535 }),
      wta_hotkey: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
      wta_weight: Type.Number(),
      // The reference's own program sends the text of a Python map; its route takes the map too.
      weights: Type.Union([Type.String({ maxLength: 20_000 }), Type.Record(Type.String(), Type.Number())]),
      evaluation_set_id: Type.Optional(Type.Unknown()),
    })
    const schema = { body: Reported, response: { 200: Type.Unknown(), 400: Detail } }
    app.post('/scoring/weight-set', { schema }, async ({ body }, reply) => {
      const report = {
        validator: accountOf(body.validator_hotkey),
        address: body.validator_hotkey,
        block: body.block,
        winnerUid: body.wta_uid,
        winnerHotkey: body.wta_hotkey ? accountOf(body.wta_hotkey) : null,
        winnerWeight: body.wta_weight,
        weights: typeof body.weights === 'string' ? body.weights : JSON.stringify(body.weights),
      }
      const answer = await commands.execute((state, moment) => reportWeights(state, moment, report))
      return reply.status(answer.status as 200).send(answer.body)
    })
    await app.register(backupRoutes(services, validators))
  }

/** The report as Python's `json.dumps(report, sort_keys=True)` writes it: that is what nodes sign (spec bitrecs §2.3). */
export const backupMessage = (
  timestamp: string,
  nonce: string,
  body: { created_at: string; hotkey: string; uid: number },
) =>
  `${timestamp}.${body.hotkey}.{"created_at": ${JSON.stringify(body.created_at)}, "hotkey": ${JSON.stringify(body.hotkey)}, "uid": ${body.uid}}.${nonce}`

const backupRoutes =
  ({ commands, signatures }: BitrecsServices, validators: ReadonlySet<string>): FastifyPluginAsyncTypebox =>
  async (app) => {
    // Signed URLs live no longer than this process: a validator asks for a new one each time.
    const secret = randomBytes(32)
    const tokenOf = (hotkey: string, expires: number) =>
      createHmac('sha256', secret).update(`${hotkey}.${expires}`).digest('hex')
    const Body = Type.Object({
      created_at: Type.String({ maxLength: 64 }),
      hotkey: Type.String({ maxLength: 64 }),
      uid: Type.Integer(),
    })
    const response = { 200: Type.Unknown(), 400: Detail, 401: Type.Unknown(), 403: Detail, 409: Detail }
    app.post('/backup/upload-request', { schema: { body: Body, response } }, async (request, reply) => {
      const { body, headers } = request
      const [timestamp, nonce] = [String(headers['x-timestamp'] ?? ''), String(headers['x-nonce'] ?? '')]
      const validator = accountOf(body.hotkey)
      const message = backupMessage(timestamp, nonce, body)
      const expires = commands.now() + BACKUP_EXPIRES_SECONDS * 1_000
      const asked = {
        validator,
        address: body.hotkey,
        timestamp: /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : 0,
        nonce,
        isSigned: await signatures.check(validator, message, String(headers['x-signature'] ?? '')),
        isWhitelisted: validator !== null && validators.has(validator),
        requestHash: createHash('sha256').update(message).digest('hex'),
        path: `/backup/scores/${body.hotkey}/${expires}/${tokenOf(body.hotkey, expires)}`,
        baseUrl: `${request.protocol}://${request.host}`,
      }
      const answer = await commands.execute((state, moment) => requestBackup(state, moment, asked))
      return reply.status(answer.status as 200).send(answer.body)
    })
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BACKUP_MAX_BYTES }, (_, body, done) =>
      done(null, body),
    )
    const Place = Type.Object({
      hotkey: Type.String({ maxLength: 64 }),
      expires: Type.Integer(),
      token: Type.String({ maxLength: 64 }),
    })
    const put = { schema: { params: Place, response }, bodyLimit: BACKUP_MAX_BYTES }
    app.put('/backup/scores/:hotkey/:expires/:token', put, async ({ params, body }, reply) => {
      const { hotkey, expires, token } = params
      const validator = accountOf(hotkey)
      if (!validator || !isOneOf(token, [tokenOf(hotkey, expires)]) || expires < commands.now()) {
        return reply.status(403).send({ detail: 'This URL is not valid any more', code: 'url_expired' })
      }
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      await commands.execute((_, { timeMs: at }) => ({
        events: [
          draft(
            'BitrecsBackupReceived',
            { validator, sha256, bytes: bytes.length, at },
            { actor: validator },
          ),
        ],
        blobs: [{ sha256, bytes }],
        reply: undefined,
      }))
      return {}
    })
  }
