import type { FastifyReply, FastifyRequest } from 'fastify'

/** Half of a character that takes two: no log can hold it, since it has no UTF-8. */
const HALF = /\p{Surrogate}/u

/** Whether every text in a value of JSON, names included, is text. */
export function isWholeText(root: unknown): boolean {
  const waiting = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'string') {
      if (HALF.test(value)) return false
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) waiting.push(key, inner)
    }
  }
  return true
}

/** Before any command: one event that cannot be written would fail everybody who is decided with it. */
export async function refuseBrokenText(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (isWholeText(request.body) && isWholeText(request.query)) return undefined
  const msg = 'holds half of a character'
  return reply.status(422).send({ detail: [{ loc: ['body'], msg }], code: 'text_broken' })
}
