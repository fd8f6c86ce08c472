import { type TProperties, Type } from '@sinclair/typebox'

const TEXT_MAX_CHARS = 512

/** Text of a client: long enough for every honest one. */
export const ShortText = Type.String({ maxLength: TEXT_MAX_CHARS })

/** An answer that may say more than is written here. */
export const Open = <P extends TProperties>(properties: P, description = '') =>
  Type.Object(properties, { additionalProperties: true, description })

/** Refusals: under `detail` or `error`, where clients of the reference look for them; `code` is stable. */
export const Refused = Open(
  {
    detail: Type.Optional(Type.Unknown()),
    error: Type.Optional(Type.Unknown()),
    code: Type.Optional(Type.String()),
  },
  'Refused; the reason stands under detail or error.',
)

/** The same answer for several statuses, e.g. `refusals(400, 403)`. */
export const refusals = (...statuses: readonly number[]) =>
  Object.fromEntries(statuses.map((status) => [status, Refused]))
