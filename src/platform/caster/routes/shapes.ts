import { type TProperties, Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import type { Answer } from '../answer'
import type { Fault } from '../auth/faults'

const UUID_PATTERN = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'

export const Uuid = Type.String({ pattern: UUID_PATTERN })
export const HotkeyText = Type.String({ minLength: 40, maxLength: 60 })
export const IdParams = Type.Object({ id: Uuid })

/** An answer that may say more than is written here. */
export const Open = <P extends TProperties>(properties: P, description = '') =>
  Type.Object(properties, { additionalProperties: true, description })

/** Refusals: `detail` is the stable code, `facts` what is needed to put it right. */
const Refused = Open(
  { detail: Type.Unknown(), message: Type.Optional(Type.String()), facts: Type.Optional(Type.Unknown()) },
  'Refused; detail is a stable code.',
)

export const refusals = (...statuses: readonly number[]) =>
  Object.fromEntries([...new Set([401, 422, ...statuses])].map((status) => [status, Refused]))

export const answered = (reply: FastifyReply, { status, body }: Answer) =>
  reply.status(status).send(body as never)

/** A reading that is refused: nothing changed and nothing is recorded. */
export const turnedAway = (reply: FastifyReply, { status, code, reason, facts }: Fault) =>
  reply.status(status).send({ detail: code, message: reason, ...(facts && { facts }) } as never)

export const notFound = (what: 'batch' | 'validator' | 'artifact'): Fault => ({
  status: 404,
  code: `${what}_not_found`,
  reason: `There is no such ${what}`,
})

const PAGE_MAX_ROWS = 200
const PAGE_DEFAULT_ROWS = 50

/** Page of a list: newest first. */
export const Page = {
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX_ROWS, default: PAGE_DEFAULT_ROWS }),
  offset: Type.Integer({ minimum: 0, maximum: 10_000_000, default: 0 }),
}

export function page<T>(
  items: readonly T[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
): T[] {
  const end = Math.max(0, items.length - offset)
  return items.slice(Math.max(0, end - limit), end).reverse()
}
