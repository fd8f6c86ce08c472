import type { FastifyReply, FastifyRequest } from 'fastify'
import { isOneOf } from '../../core/same-secret'
import { signedBodyOf } from '../../core/signed-body'
import { refusalBody } from '../answer'
import { replayFault } from '../auth/faults'
import { checkSigner, isFault, type SignatureFault, type Signer } from '../auth/signer'
import type { CasterServices } from '../services'

const signers = new WeakMap<FastifyRequest, Signer>()

async function examine(services: CasterServices, request: FastifyRequest): Promise<Signer | SignatureFault> {
  const { commands, rules, signatures, settings, nonces } = services
  const { method, url, headers } = request
  const skewSeconds = settings.casterClockSkewSeconds
  const nowMs = commands.now()
  const found = await checkSigner(
    { method, url, headers, body: signedBodyOf(request) },
    { rules, signatures, isStrict: settings.casterStrictRequests, skewSeconds, nowMs },
  )
  if (isFault(found)) return found
  // Commands are remembered by the log; what only reads leaves nothing there.
  if (method === 'GET' || method === 'HEAD') return nonces.take(found, nowMs, skewSeconds) ?? found
  return replayFault(commands.state, found) ?? found
}

/** A hook: the signer of a request, or 401 with the reason. */
export const needsSignature =
  (services: CasterServices) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const found = await examine(services, request)
    if (isFault(found)) return reply.status(401).send(refusalBody(found))
    signers.set(request, found)
    return undefined
  }

/** A hook: whoever signs must sign well; who does not sign is anybody. */
export const takesSignature =
  (services: CasterServices) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
    request.headers.authorization === undefined ? undefined : needsSignature(services)(request, reply)

/** Who signed a request that passed `needsSignature`. */
export const signerOf = (request: FastifyRequest): Signer => signers.get(request)!
export const optionalSigner = (request: FastifyRequest): Signer | undefined => signers.get(request)

/** A hook: the operator's token. */
export const needsAdmin =
  ({ settings }: CasterServices) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const token = settings.casterAdminToken
    if (token && isOneOf(request.headers['x-admin-token'], [token])) return undefined
    const reason = token ? 'X-Admin-Token is missing or wrong' : 'No admin token is configured'
    return reply.status(401).send({ detail: 'admin_token_invalid', message: reason })
  }

/** What every signed route has: the signature, and so many requests a minute from one address. */
export const signedRoute = (services: CasterServices) => ({
  preValidation: needsSignature(services),
  config: { rateLimit: { max: services.settings.casterRequestsPerMinute, timeWindow: '1 minute' } },
})
