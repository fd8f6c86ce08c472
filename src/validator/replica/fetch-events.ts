import { LedgerError } from '../../errors/ledger-error'
import type { LogEvent, LogName } from '../../log/envelope'

export interface LogPlace {
  /** `http://host:port` of a Subledger API, without a slash at the end. */
  readonly apiUrl: string
  readonly log: LogName
  readonly netuid: number
}

const REQUEST_TIMEOUT_MS = 30_000
const ANSWER_MAX_BYTES = 256 * 1024 * 1024

/**
 * Events from a number on, in pages as the API gives them; ends with the first empty page.
 * @throws LedgerError SL-REPLICA-UNREACHABLE, SL-REPLICA-ANSWER
 */
export async function* fetchEvents(
  { apiUrl, log, netuid }: LogPlace,
  fromSeq: number,
): AsyncGenerator<LogEvent[]> {
  for (let from = fromSeq; ; ) {
    const text = await fetchText(`${apiUrl}/log/${log}/${netuid}?from=${from}`)
    const events = text.split('\n').filter(Boolean).map(parse)
    if (events.length === 0) return
    yield events
    from = events.at(-1)!.seq + 1
  }
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS), redirect: 'error' })
    const bytes = await response.arrayBuffer()
    if (bytes.byteLength > ANSWER_MAX_BYTES) throw new Error(`more than ${ANSWER_MAX_BYTES} bytes`)
    if (!response.ok) throw new Error(`status ${response.status}`)
    return Buffer.from(bytes).toString('utf8')
  } catch (cause) {
    throw new LedgerError('SL-REPLICA-UNREACHABLE', 'retryable', `The log at ${url} could not be read.`, {
      remedy: 'Check the address given by --api, and that the API runs; what was fetched before is kept.',
      cause,
    })
  }
}

function parse(line: string): LogEvent {
  try {
    return JSON.parse(line) as LogEvent
  } catch (cause) {
    throw new LedgerError('SL-REPLICA-ANSWER', 'contradiction', 'The API gave a line that is no event.', {
      remedy: 'Use another API; weights are not set on what cannot be verified.',
      cause,
    })
  }
}
