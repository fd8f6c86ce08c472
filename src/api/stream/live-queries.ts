import { LedgerError } from '../../errors/ledger-error'
import type { EventType } from '../../log/catalogue'
import type { LogEvent, LogName } from '../../log/envelope'
import { readEvents } from '../../log/read'
import type { ApiContext } from '../graphql/context'
import type { IndexedHead } from '../head/indexed-head'
import { untilStalled } from './slow-client'

export interface LiveEventsArgs {
  readonly netuid: number
  readonly log: LogName
  readonly types?: readonly string[] | null
  readonly fromSeq?: string | null
}

/**
 * Backlog, then live, from one source: each turn reads the next page of the log behind the last number sent, and waits
 * for a new head only when there is none. So nothing can fall between the two, and what is held is one page at most.
 */
export async function* liveEvents(context: ApiContext, args: LiveEventsArgs): AsyncGenerator<LogEvent> {
  const { api } = context
  const place = enter(context, 'events')
  const types = args.types ? { types: args.types as readonly EventType[] } : {}
  let next = args.fromSeq == null ? sizeOf(api.heads.current, args) : Number(args.fromSeq)
  try {
    while (!place.signal.aborted) {
      const head = api.heads.current
      const size = sizeOf(head, args)
      const range = {
        log: args.log,
        netuid: args.netuid,
        fromSeq: next,
        limitEvents: api.limits.maxBufferedEvents,
      }
      const page = next < size ? await readEvents(api.pool as never, { ...range, ...types }) : []
      for (const event of page) {
        // Filtered types leave holes in what is sent, never in what was read.
        next = event.seq + 1
        yield* untilStalled(context, event)
      }
      if (page.length < api.limits.maxBufferedEvents) {
        next = Math.max(next, size)
        await api.heads.after(head, place.signal)
      }
    }
    place.throwIfClosing()
  } finally {
    place.leave()
  }
}

/** The present head, then the newest one whenever it has changed: heads between are skipped, not queued. */
export async function* liveHeads(context: ApiContext): AsyncGenerator<IndexedHead> {
  const place = enter(context, 'heads')
  try {
    while (!place.signal.aborted) {
      const head = context.api.heads.current
      yield* untilStalled(context, head)
      await context.api.heads.after(head, place.signal)
    }
    place.throwIfClosing()
  } finally {
    place.leave()
  }
}

const sizeOf = (head: IndexedHead, { log, netuid }: LiveEventsArgs): number =>
  head.logs.find((state) => state.log === log && state.netuid === netuid)?.size ?? 0

function enter({ api, response }: ApiContext, kind: 'events' | 'heads') {
  if (api.live.open >= api.limits.maxSubscriptions) {
    throw new LedgerError('SL-API-BUSY', 'retryable', 'Too many live queries are open.', {
      remedy: 'Try again later, or read `events` with a cursor.',
    })
  }
  return api.live.enter(kind, response)
}
