import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { LedgerError } from '../errors/ledger-error'

const STATUS_OF_KIND: Readonly<Record<LedgerError['kind'], number>> = {
  user: 400,
  retryable: 503,
  contradiction: 500,
}

/** What a client sees of an error unless its subnet system has a shape of its own. Reasons inside are not told. */
export function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof LedgerError) {
    const { code, message, remedy } = error
    void reply.status(STATUS_OF_KIND[error.kind]).send({ error: { code, message, remedy } })
    return
  }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if (status >= 500) request.log.error({ err: error }, 'a request could not be answered')
  const message = status >= 500 ? 'The request could not be answered.' : error.message
  void reply.status(status).send({ error: { code: 'SL-HTTP', message, remedy: 'See /openapi.json.' } })
}
