export interface BatchLimits {
  /** Keys of one statement. */
  readonly maxBatchKeys: number
  /** Statements that run at the same time; keys that come meanwhile form the next batch. */
  readonly maxBatchesInFlight: number
}

interface Waiting<K, R> {
  readonly key: K
  readonly resolve: (result: R | null) => void
  readonly reject: (error: unknown) => void
}

/**
 * Puts point questions of different requests to the database together. Nothing is cached and nobody waits for company: a lone key
 * goes at once, and only keys that come while the statements are out travel together. Under load a statement then
 * answers many requests, which saves what a round trip costs on both sides.
 */
export class BatchedRead<K, R> {
  private waiting: Waiting<K, R>[] = []
  private inFlight = 0
  private scheduled = false

  /** @param read results in the order of the keys; null where there is none */
  constructor(
    private readonly read: (keys: readonly K[]) => Promise<readonly (R | null)[]>,
    private readonly limits: BatchLimits,
  ) {}

  load(key: K): Promise<R | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject })
      this.schedule()
    })
  }

  /** After all requests that have arrived by now have been read. */
  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(() => {
      this.scheduled = false
      while (this.waiting.length > 0 && this.inFlight < this.limits.maxBatchesInFlight) this.dispatch()
    })
  }

  private dispatch(): void {
    const batch = this.waiting.splice(0, this.limits.maxBatchKeys)
    this.inFlight += 1
    this.read(batch.map(({ key }) => key))
      .then(
        (results) => {
          for (const [i, { resolve }] of batch.entries()) resolve(results[i] ?? null)
        },
        (error) => {
          for (const { reject } of batch) reject(error)
        },
      )
      .finally(() => {
        this.inFlight -= 1
        if (this.waiting.length > 0) this.schedule()
      })
  }
}
