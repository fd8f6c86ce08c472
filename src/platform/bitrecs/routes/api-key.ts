import type { FastifyReply, FastifyRequest } from 'fastify'
import { isOneOf } from './same-secret'

/** A hook that answers 401 `{error}` without one of the keys (spec bitrecs §4). No keys: nobody comes in. */
export const needsApiKey =
  (keys: readonly string[]) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (isOneOf(request.headers['x-api-key'], keys)) return undefined
    return reply.status(401).send({ error: 'Invalid or missing API key' })
  }

const BEARER = /^Bearer ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

/** Session id of the header; undefined: not in the form of one (422). */
export const sessionIdOf = ({ headers }: FastifyRequest): string | undefined =>
  BEARER.exec(headers.authorization ?? '')?.[1]?.toLowerCase()

export const badSession = (reply: FastifyReply) =>
  reply.status(422).send({ detail: 'The header Authorization is not "Bearer <session id>"' })
