import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { answerError } from '../../http/answer-error'

/** Requests that are no commands, in the shape of all refusals: `{detail, message, facts}`. */
export function answerWithDetail(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if ('validation' in error && error.validation) {
    const faults = error.validation.map(({ instancePath, message }) => ({
      at: `${error.validationContext ?? 'body'}${instancePath}`,
      message: message ?? 'invalid',
    }))
    void reply.status(422).send({ detail: 'request_invalid', message: faults[0]?.message, facts: { faults } })
    return
  }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if (status < 500) {
    const detail = status === 429 ? 'rate_limited' : status === 413 ? 'request_too_large' : 'request_invalid'
    void reply.status(status).send({ detail, message: error.message })
    return
  }
  answerError(error, request, reply)
}
