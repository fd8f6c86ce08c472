import type { FastifyInstance, FastifyRequest } from 'fastify'

const bodies = new WeakMap<FastifyRequest, Buffer>()
const NO_BODY = Buffer.alloc(0)

/** JSON is read by hand because its bytes are what was signed. An empty body is none. */
export function keepSignedBodies(
  app: Pick<FastifyInstance, 'removeContentTypeParser' | 'addContentTypeParser'>,
): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => readJson(request, bytes),
  )
}

/** The bytes of a request's body as they came. */
export const signedBodyOf = (request: FastifyRequest): Buffer => bodies.get(request) ?? NO_BODY

function readJson(request: FastifyRequest, bytes: Buffer): unknown {
  bodies.set(request, bytes)
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw Object.assign(new Error('The body is no JSON'), { statusCode: 400 })
  }
}
