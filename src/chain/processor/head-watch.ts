import { type Progress, ProgressMeter } from './progress'
import type { HotDataSource } from './subsquid-internals'

const REFRESH_MS = 2_000

interface WatchOptions {
  readonly toHeight?: number
  readonly onProgress?: (progress: Progress) => void
}

/** Tells how far the indexer is from the finalized head, which it looks up now and then. */
export class HeadWatch {
  private readonly meter = new ProgressMeter()
  private readonly timer: NodeJS.Timeout
  private head: number
  private isStopped = false

  constructor(
    private readonly node: HotDataSource,
    private height: number,
    private readonly options: WatchOptions,
  ) {
    this.head = height
    this.timer = setInterval(() => void this.look(), REFRESH_MS)
    this.timer.unref()
    void this.look()
  }

  indexed(height: number): void {
    this.height = height
    this.tell()
  }

  /** From here on nothing is told, not even what is being looked up. */
  stop(): void {
    this.isStopped = true
    clearInterval(this.timer)
  }

  private async look(): Promise<void> {
    // A node that does not answer is reported by the reading of blocks; here the last head stays.
    const head = await this.node.getFinalizedHeight().catch(() => this.head)
    this.head = Math.min(head, this.options.toHeight ?? head)
    this.tell()
  }

  private tell(): void {
    if (this.head < 0 || this.isStopped) return
    this.options.onProgress?.(this.meter.mark(this.height, this.head, performance.now()))
  }
}
