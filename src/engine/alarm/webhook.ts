import { setTimeout as sleep } from 'node:timers/promises'
import type { LogEvent } from '../../log/envelope'

export interface WebhookOptions {
  readonly url: string
  /** Told when an alarm could not be delivered. */
  readonly onFailure: (error: unknown, event: LogEvent) => void
  readonly signal: AbortSignal
}

/** Alarms that wait to be delivered; beyond it the oldest are dropped, they stand in the log. */
const QUEUE_MAX_ALARMS = 1_000
const ATTEMPTS_MAX = 5
const FIRST_PAUSE_MS = 500
const REQUEST_TIMEOUT_MS = 10_000

/** Events that a person wants to be woken for. */
const ALARMING: ReadonlySet<string> = new Set(['DivergenceFound', 'DivergenceEnded', 'Undecoded'])

/**
 * Posts alarms to a URL, in their order, each up to five times with growing pauses. The body is the event as logged; its
 * `Idempotency-Key` is log, netuid and number, so that a receiver may take one twice.
 */
export function createWebhook({
  url,
  onFailure,
  signal,
}: WebhookOptions): (events: readonly LogEvent[]) => void {
  const queue: LogEvent[] = []
  let sending = false
  async function send(): Promise<void> {
    sending = true
    for (let event = queue.shift(); event && !signal.aborted; event = queue.shift()) {
      await deliver(url, event, signal).catch((error) => onFailure(error, event!))
    }
    sending = false
  }
  return (events) => {
    queue.push(...events.filter(({ type }) => ALARMING.has(type)))
    for (const dropped of queue.splice(0, queue.length - QUEUE_MAX_ALARMS)) {
      onFailure(new Error('too many alarms wait'), dropped)
    }
    if (!sending) void send()
  }
}

async function deliver(url: string, event: LogEvent, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await post(url, event, signal)
    } catch (error) {
      if (attempt === ATTEMPTS_MAX || signal.aborted) throw error
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal, ref: false })
    }
  }
}

async function post(url: string, event: LogEvent, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': `${event.log}/${event.netuid}/${event.seq}`,
    },
    body: JSON.stringify(event),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`the webhook answered ${response.status}`)
}
