import { setTimeout as sleep } from 'node:timers/promises'
import { LedgerError } from '../../../errors/ledger-error'
import { type PlatformClient, PlatformRefused } from './platform-client'

export interface RegisterOptions {
  readonly attempts?: number
  readonly pauseMs?: number
  readonly signal: AbortSignal
}

/** Of the published validators (spec caster §11). */
const ATTEMPTS = 30
const PAUSE_MS = 2_000
/** Who it is does not change by asking again. */
const FINAL = [401, 403, 422]

/** Tells the platform where this validator is reached. @throws LedgerError SL-PLATFORM-REFUSES after the last attempt */
export async function registerValidator(
  client: PlatformClient,
  baseUrl: string,
  { attempts = ATTEMPTS, pauseMs = PAUSE_MS, signal }: RegisterOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.register(baseUrl, signal)
    } catch (error) {
      signal.throwIfAborted()
      const isFinal = error instanceof PlatformRefused && FINAL.includes(error.status)
      if (isFinal || attempt >= attempts) throw refused(error, attempt)
    }
    await sleep(pauseMs, undefined, { signal })
  }
}

const refused = (cause: unknown, attempts: number) =>
  new LedgerError(
    'SL-PLATFORM-REFUSES',
    'user',
    `The platform does not register this validator: ${cause instanceof Error ? cause.message : cause}.`,
    {
      remedy:
        'Check the address of the platform, and that the hotkey holds a validator permit of the subnet.',
      facts: { attempts },
      cause,
    },
  )
