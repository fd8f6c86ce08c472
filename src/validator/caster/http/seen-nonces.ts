/** Nonces that were used, as long as their requests' times would be taken. */
export class SeenNonces {
  private readonly until = new Map<string, number>()

  constructor(private readonly clock: () => number = Date.now) {}

  /** @returns false when it was there already */
  add(nonce: string, untilMs: number): boolean {
    const now = this.clock()
    if ((this.until.get(nonce) ?? 0) > now) return false
    for (const [old, end] of this.until) if (end <= now) this.until.delete(old)
    this.until.set(nonce, untilMs)
    return true
  }
}
