import { createHash } from 'node:crypto'
import type { FastifyError, FastifyRequest } from 'fastify'
import type { CommandLog } from '../../core/command-log'
import { refusalEvent } from '../evaluation/answer'
import type { BitrecsState } from '../state'

const REASON_MAX_CHARS = 500
/** Refused by the frame for what was sent: not JSON, NaN, too long, of another shape. */
const OWN_FAULT = new Set([400, 413, 415, 422])

/**
 * What a node sent that is no command becomes an event too: it has an API key, so that nobody else can fill the log, and a node
 * that sends NaN is to be found out. Strangers' rubbish leaves none.
 */
export async function recordUnreadable(
  commands: CommandLog<BitrecsState>,
  error: FastifyError | Error,
  request: FastifyRequest,
): Promise<void> {
  const status =
    'validation' in error && error.validation ? 422 : 'statusCode' in error ? error.statusCode : 500
  if (request.method === 'GET' || status === undefined || !OWN_FAULT.has(status)) return
  const command = (request.routeOptions.url ?? request.url).split('/').at(-1)!
  const reason = error.message.slice(0, REASON_MAX_CHARS)
  const requestHash =
    request.body === undefined
      ? null
      : createHash('sha256').update(JSON.stringify(request.body)).digest('hex')
  const refused = { command, status, code: 'request_invalid', reason, requestHash }
  await commands.execute((_, { timeMs: at }) => ({ events: [refusalEvent(refused, at)], reply: undefined }))
}
