import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Pool } from 'pg'
import { canonicalJson } from '../../log/canonical-json'
import type { LogName } from '../../log/envelope'
import { readEvents } from '../../log/read'
import { readBlob } from '../../platform/core/blobs'
import { refuse } from '../graphql/api-error'
import { safeHeaders, sendText } from './answer'

/** Events of one answer; a reader goes on with the number after the last one. */
const PAGE_MAX_EVENTS = 5_000

const LOG_PATH = /^\/log\/(chain|platform|engine)\/(\d{1,5})$/
const CONTENT_PATH = /^\/content\/([0-9a-f]{64})$/

/** Whether `answerRaw` answers this path. */
export const isRaw = (path: string): boolean => path.startsWith('/log/') || path.startsWith('/content/')

/**
 * The log as it is hashed: `GET /log/<log>/<netuid>?from=<seq>` gives events as lines of canonical JSON, `GET /content/<sha256>` what
 * they name by its hash. Whoever recomputes decisions reads these and needs nothing else.
 * @throws LedgerError SL-API-VALUE, SL-API-NO-CONTENT
 */
export async function answerRaw(
  pool: Pool,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://api')
  const [, log, netuid] = LOG_PATH.exec(url.pathname) ?? []
  if (log) return sendEvents(pool, { log: log as LogName, netuid: Number(netuid) }, url, response)
  const [, sha256] = CONTENT_PATH.exec(url.pathname) ?? []
  const bytes = sha256 && (await readBlob(pool, sha256))
  if (!bytes) {
    throw refuse('SL-API-NO-CONTENT', 'Nothing is kept here.', 'Take log, netuid and hashes from events.')
  }
  // Content of strangers: never to be shown as a page.
  const headers = {
    'content-disposition': 'attachment',
    'cache-control': 'public, immutable, max-age=31536000',
  }
  sendText(response, 200, 'application/octet-stream', bytes, headers)
}

async function sendEvents(
  pool: Pool,
  id: { readonly log: LogName; readonly netuid: number },
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const from = url.searchParams.get('from') ?? '0'
  if (!/^\d{1,15}$/.test(from)) {
    throw refuse('SL-API-VALUE', '`from` is no event number.', 'Give a number from 0.')
  }
  const events = await readEvents(pool, { ...id, fromSeq: Number(from), limitEvents: PAGE_MAX_EVENTS })
  response.writeHead(200, { ...safeHeaders, 'content-type': 'application/x-ndjson; charset=utf-8' })
  response.end(events.map((event) => `${canonicalJson(event)}\n`).join(''))
}
