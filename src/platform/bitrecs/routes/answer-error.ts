import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { answerError } from '../../../http/answer-error'

/** Requests that are no commands, in the shapes that clients of the reference know: 422 {detail} and 429 {error}. */
export function answerBitrecsError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if ('validation' in error && error.validation) {
    const detail = error.validation.map(({ instancePath, message }) => ({
      loc: [error.validationContext ?? 'body', ...instancePath.split('/').filter(Boolean)],
      msg: message ?? 'invalid',
    }))
    void reply.status(422).send({ detail, code: 'request_invalid' })
    return
  }
  if ('statusCode' in error && error.statusCode === 429) {
    void reply.status(429).send({ error: error.message, code: 'rate_limited' })
    return
  }
  if ('statusCode' in error && error.statusCode && error.statusCode < 500) {
    void reply.status(error.statusCode).send({ detail: error.message, code: 'request_invalid' })
    return
  }
  answerError(error, request, reply)
}
