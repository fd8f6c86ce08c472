import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '../database/connect'
import { HEAD_CHANNEL } from '../database/ledger-database'

/** Looks at least this often, should an announcement be lost (ms). */
const POLL_MS = 2_000

/**
 * Calls `work` at once, upon every commit that the database announces, and on a timer, one call at a time, until the signal aborts.
 * @throws what `work` throws
 */
export async function followHead(
  url: string,
  work: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const listener = createClient(url)
  let wake: () => void = () => undefined
  let isDue = true
  const due = () => {
    isDue = true
    wake()
  }
  listener.on('error', () => undefined)
  listener.on('notification', due)
  signal.addEventListener('abort', due)
  await listener.connect()
  try {
    await listener.query(`listen ${HEAD_CHANNEL}`)
    while (!signal.aborted) {
      if (!isDue) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve
        })
        await Promise.race([woken, sleep(POLL_MS, undefined, { ref: false })])
      }
      isDue = false
      if (!signal.aborted) await work()
    }
  } finally {
    signal.removeEventListener('abort', due)
    await listener.end().catch(() => undefined)
  }
}
