import type { FastifyReply, FastifyRequest } from 'fastify'
import { isOneOf } from '../../core/same-secret'
import { refusalBody } from '../answer'
import { checkSigner, isFault, type Signer } from '../auth/signer'
import type { AutoresearchServices } from '../services'

const bodies = new WeakMap<FastifyRequest, Buffer>()
const signers = new WeakMap<FastifyRequest, Signer>()
const NO_BODY = Buffer.alloc(0)

/** JSON is read by hand because the bytes are what was signed. An empty body is none. */
export function readJson(request: FastifyRequest, bytes: Buffer): unknown {
  bodies.set(request, bytes)
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw Object.assign(new Error('The body is no JSON'), { statusCode: 400 })
  }
}

/** A hook: the signer of a `BT-AUTH-V1` request, or 401 with the reason. */
export const needsSignature =
  ({ commands, rules }: AutoresearchServices) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { method, url, headers } = request
    const signed = { method, url, headers, body: bodies.get(request) ?? NO_BODY }
    const found = checkSigner(signed, commands.state, rules, commands.now())
    if (isFault(found)) return reply.status(401).send(refusalBody(found))
    signers.set(request, found)
    return undefined
  }

/** Who signed a request that passed the hook. */
export const signerOf = (request: FastifyRequest): Signer => signers.get(request)!

/** A hook: the operator's token. */
export const needsAdmin =
  ({ settings }: AutoresearchServices) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const token = settings.autoresearchAdminToken
    if (token && isOneOf(request.headers['x-admin-token'], [token])) return undefined
    const reason = token ? 'X-Admin-Token is missing or wrong' : 'No admin token is configured'
    return reply.status(401).send({ detail: 'admin_token_invalid', message: reason })
  }
