import { createHash } from 'node:crypto'
import { type TProperties, Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import type { Blob } from '../../core/blobs'
import type { Answer } from '../answer'
import type { Content } from '../state'

const UUID_PATTERN = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'

export const Uuid = Type.String({ pattern: UUID_PATTERN })
export const HotkeyText = Type.String({ minLength: 40, maxLength: 60 })
export const IdParams = Type.Object({ id: Uuid })
export const Metrics = Type.Record(Type.String({ maxLength: 200 }), Type.Number(), { maxProperties: 256 })

/** An answer that may say more than is written here. */
export const Open = <P extends TProperties>(properties: P, description = '') =>
  Type.Object(properties, { additionalProperties: true, description })

/** Refusals: `detail` is the stable code, `facts` what is needed to put it right. */
export const Refused = Open(
  { detail: Type.Unknown(), message: Type.Optional(Type.String()), facts: Type.Optional(Type.Unknown()) },
  'Refused; detail is a stable code.',
)

export const refusals = (...statuses: readonly number[]) =>
  Object.fromEntries([...new Set([401, 422, ...statuses])].map((status) => [status, Refused]))

export const answered = (reply: FastifyReply, { status, body }: Answer) =>
  reply.status(status).send(body as never)

/** Content of a request to be kept beside the log; null for none. */
export function contentOf(text: string): {
  readonly content: Content | null
  readonly blobs: readonly Blob[]
} {
  if (text === '') return { content: null, blobs: [] }
  const bytes = Buffer.from(text, 'utf8')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { content: { sha256, bytes: bytes.length }, blobs: [{ sha256, bytes }] }
}

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
