import type { BlockCache } from './block-cache'
import type { CachedRange } from './range-file'

/** Writes the range at the head, which grows by a block at a time, at most once in an interval and at the end. */
export class TailWriter {
  private pending: { range: number; cached: CachedRange } | undefined
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly cache: BlockCache,
    private readonly intervalMs: number,
  ) {}

  put(range: number, cached: CachedRange): void {
    this.pending = { range, cached }
    this.timer ??= setTimeout(() => void this.flush(), this.intervalMs)
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    const { pending } = this
    this.pending = undefined
    if (pending) {
      this.writing = this.writing.then(() => this.writeUnlessShorter(pending.range, pending.cached))
    }
    await this.writing
  }

  /** The whole range may have been written meanwhile. */
  private async writeUnlessShorter(range: number, cached: CachedRange): Promise<void> {
    const present = await this.cache.readRange(range, cached.compared)
    if ((present?.length ?? 0) < cached.blocks.length) await this.cache.writeRange(range, cached)
  }
}
