import { headerHash } from './header-hash'
import type { NodeHeader } from './raw-block'
import { contradiction } from './read-ahead-error'
import type { Upstream } from './upstream'

export interface Head {
  readonly height: number
  readonly hash: string
  /** Undefined while the head is known from the disk cache alone. */
  readonly header?: NodeHeader
}

/** A node that is away is waited for; a person should know that this is what is waited for. */
export interface Silence {
  /** So long without an answer is told (ms). */
  readonly afterMs: number
  began(): void
  ended(): void
}

/** Follows the node's finalized head, which never moves back: answers of a node that lags are left aside. */
export class FinalizedHead {
  private timer: NodeJS.Timeout | undefined
  private stopped = false
  private head: Head | undefined

  constructor(
    private readonly upstream: Upstream,
    private readonly pollMs: number,
    private readonly advanced: () => void,
    private readonly failed: (error: unknown) => void,
    private readonly silence: Silence,
  ) {}

  get current(): Head | undefined {
    return this.head
  }

  /** A head known from elsewhere, until the node tells a higher one. */
  assume(head: Head): void {
    if (this.head === undefined || head.height > this.head.height) this.head = head
  }

  async poll(): Promise<void> {
    const hash: string = await this.upstream.call('chain_getFinalizedHead')
    if (hash === this.head?.hash) return
    const header: NodeHeader | null = await this.upstream.call('chain_getHeader', [hash])
    // Behind a load balancer another node may not have it yet; the next poll will tell.
    if (header === null) return
    const height = Number.parseInt(header.number, 16)
    const computed = height === 0 ? hash : headerHash(header)
    if (computed !== hash) {
      throw contradiction(height, `the finalized header hashes to ${computed}, the node names ${hash}.`, {
        hash,
        computed,
      })
    }
    if (this.head && height < this.head.height) return
    if (this.head && height === this.head.height) {
      throw contradiction(height, `the node finalized ${this.head.hash} and ${hash}.`, {
        before: this.head.hash,
        now: hash,
      })
    }
    this.head = { height, hash, header }
    this.advanced()
  }

  start(): void {
    const next = (): void => {
      if (this.stopped) return
      this.timer = setTimeout(() => {
        this.pollAloud().then(next, (error) => {
          if (this.stopped) return
          this.failed(error)
          next()
        })
      }, this.pollMs)
    }
    next()
  }

  private async pollAloud(): Promise<void> {
    let isSilent = false
    const alarm = setTimeout(() => {
      isSilent = true
      if (!this.stopped) this.silence.began()
    }, this.silence.afterMs)
    alarm.unref()
    await this.poll().finally(() => clearTimeout(alarm))
    if (isSilent && !this.stopped) this.silence.ended()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }
}
