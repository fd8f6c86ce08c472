import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

/** Requests that reach no route, in the shape of all refusals: `{detail, message}`. Reasons inside are not told. */
export function answerValidatorError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if (status >= 500) request.log.error({ err: error }, 'a request could not be answered')
  const detail = status >= 500 ? 'internal_error' : status === 413 ? 'request_too_large' : 'request_invalid'
  const message = status >= 500 ? 'the request could not be answered' : error.message
  void reply.status(status).send({ detail, message })
}
