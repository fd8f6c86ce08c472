import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { accountOf } from '../../core/signatures'
import { refusalBody } from '../answer'
import { requestHashOf } from '../auth/signer'
import { setRecipient } from '../claims/decide-recipient'
import type { AutoresearchServices } from '../services'
import { answered, HotkeyText, Open, refusals } from './shapes'

/** Window of the pool's own signatures (s). */
const POOL_WINDOW_SECONDS = 300
const MS_PER_SECOND = 1_000
const HotkeyParams = Type.Object({ hotkey: HotkeyText })

/** Where claims go, by the word of each hotkey (spec autoresearch §10.2). */
export const recipientRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, settings, signatures } = services

    app.get(
      '/recipient/:hotkey',
      {
        schema: {
          summary: 'Where the claims of a hotkey go, in epochs that are built from now on',
          params: HotkeyParams,
          response: { 200: Open({ recipient_coldkey: Type.String() }), ...refusals(404) },
        },
      },
      async ({ params }, reply) => {
        const recipient = commands.state.merkle.recipients.get(params.hotkey)
        if (recipient) return { hotkey: params.hotkey, recipient_coldkey: recipient }
        const body = { detail: 'recipient_not_set', message: 'The hotkey has named none' }
        return answered(reply, { status: 404, body }) as never
      },
    )
    app.post(
      '/recipient',
      {
        config: { rateLimit: { max: settings.autoresearchRequestsPerMinute, timeWindow: '1 minute' } },
        schema: {
          summary: 'Hotkey: set the recipient; signs recipient_coldkey:update:{timestamp}:{recipient}',
          headers: Type.Object({
            'x-key': Type.Optional(Type.String({ maxLength: 64 })),
            'x-timestamp': Type.Optional(Type.String({ maxLength: 12 })),
            'x-signature': Type.Optional(Type.String({ maxLength: 130 })),
          }),
          body: Type.Object(
            { recipient_coldkey: Type.String({ minLength: 1, maxLength: 64 }) },
            { additionalProperties: false },
          ),
          response: { 200: Open({ recipient_coldkey: Type.String() }), ...refusals(409, 429) },
        },
      },
      async ({ headers, body }, reply) => {
        const { 'x-key': hotkey = '', 'x-timestamp': time = '', 'x-signature': signature = '' } = headers
        const no = (code: string, reason: string) =>
          answered(reply, { status: 401, body: refusalBody({ code, reason }) })
        const account = accountOf(hotkey)
        if (account === null) return no('hotkey_invalid', 'X-Key is no SS58 address of this network')
        const skew = /^\d{1,12}$/.test(time) ? commands.now() / MS_PER_SECOND - Number(time) : Number.NaN
        if (!(Math.abs(skew) <= POOL_WINDOW_SECONDS))
          return no('timestamp_skew', 'X-Timestamp is not within 5 minutes of the present time')
        const recipient = body.recipient_coldkey
        const message = `recipient_coldkey:update:${time}:${recipient}`
        if (!(await signatures.check(account, message, signature)))
          return no('signature_invalid', 'X-Signature is not of X-Key')
        const requestHash = requestHashOf(account, message, signature)
        if (commands.state.seen.has(requestHash))
          return no('signature_replayed', 'This signature was used before')
        return answered(
          reply,
          await commands.execute(setRecipient({ account, hotkey, requestHash }, recipient)),
        )
      },
    )
  }
