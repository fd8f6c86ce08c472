import type { Batch } from './batch'
import { type BatchServices, runBatch } from './run-batch'

/** Batches one after the other, in the order in which they came. */
export class BatchQueue {
  private readonly waiting: Batch[] = []
  private readonly stop = new AbortController()
  private current: Batch | undefined
  private loop: Promise<void> | undefined

  /** @param last the batch that was last run or accepted before this process */
  constructor(
    private readonly services: BatchServices,
    private last?: Batch,
  ) {}

  add(batch: Batch): void {
    if (this.current === batch || this.waiting.includes(batch)) return
    this.waiting.push(batch)
    this.loop ??= this.run()
  }

  /** As `GET /validator/status` tells it (spec caster §6). */
  state(): {
    readonly status: 'idle' | 'running' | 'error'
    readonly last_batch_id: string | null
    readonly queued_batches: number
  } {
    const idle = this.last?.status === 'failed' ? 'error' : 'idle'
    return {
      status: this.current ? 'running' : idle,
      last_batch_id: (this.current ?? this.last)?.id ?? null,
      queued_batches: this.waiting.length,
    }
  }

  /** Resolves when nothing runs any more and every sandbox is gone. */
  async close(): Promise<void> {
    this.stop.abort()
    await this.loop
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0 && !this.stop.signal.aborted) {
      this.current = this.waiting.shift()!
      try {
        await runBatch(this.current, this.services, this.stop.signal)
      } catch (error) {
        this.services.onFault(`batch ${this.current.id}: ${error instanceof Error ? error.message : error}`)
      }
      this.last = this.current
      this.current = undefined
    }
    this.loop = undefined
  }
}
