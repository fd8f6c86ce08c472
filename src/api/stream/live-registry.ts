import type { ServerResponse } from 'node:http'
import { LedgerError } from '../../errors/ledger-error'
import type { ApiMetrics } from '../../observability/api-metrics'

export type LiveKind = 'events' | 'heads'

/** A live query's place: told when the server closes or the client has gone, given back when the query ends. */
export interface LivePlace {
  readonly signal: AbortSignal
  /** @throws LedgerError SL-API-CLOSING when it was the server that ended the query */
  throwIfClosing(): void
  leave(): void
}

/** The live queries that are open, so that they can be counted, limited and ended. */
export class LiveRegistry {
  open = 0
  private readonly places = new Set<AbortController>()
  private closing = false

  constructor(private readonly metrics: ApiMetrics) {}

  enter(kind: LiveKind, response: ServerResponse | undefined): LivePlace {
    const ending = new AbortController()
    const onGone = () => ending.abort()
    response?.once('close', onGone)
    this.open += 1
    this.places.add(ending)
    this.metrics.subscriptions.inc({ kind })
    return {
      signal: ending.signal,
      throwIfClosing: () => {
        if (this.closing) throw closingError()
      },
      leave: () => {
        if (!this.places.delete(ending)) return
        response?.off('close', onGone)
        this.open -= 1
        this.metrics.subscriptions.dec({ kind })
      },
    }
  }

  countDropped(): void {
    this.metrics.errors.inc({ code: 'SL-API-SLOW-CLIENT' })
  }

  /** Ends every live query with an error that says to come back. */
  close(): void {
    this.closing = true
    for (const place of this.places) place.abort()
  }
}

const closingError = () =>
  new LedgerError('SL-API-CLOSING', 'retryable', 'The server is closing.', {
    remedy: 'Connect again; newEvents goes on with fromSeq = your last seq + 1.',
  })
