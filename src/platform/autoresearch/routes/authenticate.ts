import type { FastifyReply, FastifyRequest } from 'fastify'
import { isOneOf } from '../../core/same-secret'
import { signedBodyOf } from '../../core/signed-body'
import { refusalBody } from '../answer'
import { checkSigner, isFault, type Signer } from '../auth/signer'
import type { AutoresearchServices } from '../services'

const signers = new WeakMap<FastifyRequest, Signer>()

/** A hook: the signer of a `BT-AUTH-V1` request, or 401 with the reason. */
export const needsSignature =
  (services: AutoresearchServices) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { method, url, headers } = request
    const found = await checkSigner({ method, url, headers, body: signedBodyOf(request) }, services)
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
