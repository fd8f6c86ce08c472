/** Events kept back until their turn comes; more than that and the log is read in its order instead. */
const KEPT_BACK_MAX_EVENTS = 50_000

interface Numbered<E> {
  readonly netuid: number
  readonly seq: number
  copy(): E
}

/**
 * Hands events on in the order of their numbers. They are stored in it, except where the room that a rolled-back transaction
 * left was used later.
 */
export class LogOrder<E extends Numbered<E>> {
  /** By netuid: the next number. */
  readonly next = new Map<number, number>()
  private readonly kept = new Map<number, Map<number, E>>()
  private keptBack = 0

  /** @returns the event when it is its turn; then `following` is to be asked */
  isNext(event: E): boolean {
    const next = this.next.get(event.netuid) ?? 0
    if (event.seq !== next) {
      this.keep(event)
      return false
    }
    this.next.set(event.netuid, next + 1)
    return true
  }

  /** The event after the one handed on last, when it came before. */
  following(netuid: number): E | undefined {
    if (this.keptBack === 0) return undefined
    const kept = this.kept.get(netuid)
    const next = this.next.get(netuid)!
    const event = kept?.get(next)
    if (!event) return undefined
    kept!.delete(next)
    this.keptBack -= 1
    this.next.set(netuid, next + 1)
    return event
  }

  get isTooMixed(): boolean {
    return this.keptBack > KEPT_BACK_MAX_EVENTS
  }

  /** An event that still waits at the end: the one before it is missing. */
  get leftOver(): E | undefined {
    for (const kept of this.kept.values()) for (const event of kept.values()) return event
    return undefined
  }

  private keep(event: E): void {
    const kept = this.kept.get(event.netuid) ?? new Map<number, E>()
    kept.set(event.seq, event.copy())
    this.kept.set(event.netuid, kept)
    this.keptBack += 1
  }
}
