import { LedgerError } from '../../errors/ledger-error'
import type { ApiMetrics } from '../../observability/api-metrics'

export type LiveKind = 'events' | 'heads'

/** A live query's place: told when the server closes, given back when the query ends. */
export interface LivePlace {
  readonly signal: AbortSignal
  leave(): void
}

/** The live queries that are open, so that they can be counted, limited and ended. */
export class LiveRegistry {
  open = 0
  private readonly ending = new AbortController()

  constructor(private readonly metrics: ApiMetrics) {}

  enter(kind: LiveKind): LivePlace {
    this.open += 1
    this.metrics.subscriptions.inc({ kind })
    let left = false
    return {
      signal: this.ending.signal,
      leave: () => {
        if (left) return
        left = true
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
    this.ending.abort(
      new LedgerError('SL-API-CLOSING', 'retryable', 'The server is closing.', {
        remedy: 'Connect again; newEvents goes on with fromSeq = your last seq + 1.',
      }),
    )
  }
}
