import type { SignatureFault, Signer } from './signer'

/** How far the time of a reading request may lie in the future (s): it bounds what a restart has to shut out. */
export const GET_AHEAD_SECONDS = 5
/** Reading requests that are remembered within their window; more are refused until some have grown old. */
const NONCES_MAX = 200_000

const MS_PER_SECOND = 1_000

/**
 * Signed reading requests that were answered. They leave no event, so a restart forgets them: times up to the start, and as far ahead as
 * would have passed then, are refused for good.
 */
export class GetNonces {
  /** Time of the request (s) by its hash, in the order of coming. */
  private readonly taken = new Map<string, number>()

  constructor(private readonly startedAtMs: number) {}

  take({ requestHash, strict }: Signer, nowMs: number, windowSeconds: number): SignatureFault | undefined {
    if (!strict) return undefined
    const now = Math.floor(nowMs / MS_PER_SECOND)
    const earliest = Math.floor(this.startedAtMs / MS_PER_SECOND) + GET_AHEAD_SECONDS
    const { timestamp } = strict
    if (timestamp <= earliest || timestamp > now + GET_AHEAD_SECONDS) {
      const facts = { not_before: earliest + 1, not_after: now + GET_AHEAD_SECONDS }
      const reason = 'A reading request must be of after the start of this process, and not of the future'
      return { code: 'timestamp_skew', reason, facts }
    }
    if (this.taken.has(requestHash))
      return { code: 'signature_replayed', reason: 'This request was answered before' }
    this.forget(now - windowSeconds)
    if (this.taken.size >= NONCES_MAX)
      return { code: 'nonces_exhausted', reason: 'Too many signed requests within one window' }
    this.taken.set(requestHash, timestamp)
    return undefined
  }

  /** Times are nearly in order: whoever is old enough at the front goes, the others wait for their turn. */
  private forget(before: number): void {
    for (const [hash, timestamp] of this.taken) {
      if (timestamp >= before) return
      this.taken.delete(hash)
    }
  }
}
