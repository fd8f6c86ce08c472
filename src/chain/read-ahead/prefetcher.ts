import { LedgerError } from '../../errors/ledger-error'
import type { FinalizedHead } from './finalized-head'
import { RANGE_BLOCKS, type ReadAheadLimits } from './limits'
import type { RangeSource } from './range-source'
import type { RawBlock } from './raw-block'
import { rangeOf, type Window } from './window'

/** Ranges fetched at once before it is known how far the node is. */
const FIRST_RANGES_IN_FLIGHT = 4

/** Loads the ranges that the reader asks for, and those it will ask for next. */
export class Prefetcher {
  private readonly loading = new Map<number, Promise<void>>()
  private rangesInFlight = FIRST_RANGES_IN_FLIGHT
  private connectionErrorsSeen = 0
  private stopped = false
  waits = 0

  constructor(
    private readonly window: Window,
    private readonly source: RangeSource,
    private readonly head: FinalizedHead,
    private readonly limits: ReadAheadLimits,
    private readonly connectionErrors: () => number,
    private readonly failed: (error: unknown) => void,
  ) {}

  get inFlight(): number {
    return this.loading.size
  }

  /**
   * The block, once it is there; undefined above the finalized head.
   * @throws LedgerError when the node lacks it or contradicts itself
   */
  async demand(height: number): Promise<RawBlock | undefined> {
    const range = rangeOf(height)
    if (!this.loading.has(range)) this.waits += 1
    this.rangesInFlight = Math.min(this.rangesInFlight + 1, this.limits.maxRangesInFlight)
    // The head may move while a range is loaded, so that a second load continues it.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const block = this.window.block(height)
      if (block) return block
      if (height > (this.head.current?.height ?? -1)) return undefined
      await this.load(range, height)
    }
    return this.window.block(height)
  }

  /** The reader is at this block: fetch what comes next. */
  moveTo(height: number): void {
    const range = rangeOf(height)
    if (range === this.window.cursor) return
    this.window.cursor = range
    this.pump()
  }

  pump(): void {
    // Before the reader has asked, nobody knows where it will begin.
    if (this.stopped || this.window.cursor < 0) return
    const errors = this.connectionErrors()
    if (errors > this.connectionErrorsSeen) this.rangesInFlight = Math.max(1, this.rangesInFlight >> 1)
    this.connectionErrorsSeen = errors
    const { cursor } = this.window
    const ahead = Math.min(this.window.capacityAhead, 2 * this.limits.maxRangesInFlight)
    for (let range = cursor; range <= cursor + ahead; range += 1) {
      if (this.loading.size >= Math.min(this.rangesInFlight, this.window.capacityInFlight)) return
      if (!this.loading.has(range) && this.isIncomplete(range)) {
        // Whoever demands the range gets the failure; here only contradictions matter.
        this.load(range).catch((error) => this.reportContradiction(error))
      }
    }
  }

  stop(): void {
    this.stopped = true
  }

  private isIncomplete(range: number): boolean {
    return (this.window.blocksOf(range)?.length ?? 0) < this.finalizedIn(range)
  }

  /** Number of finalized blocks in the range. */
  private finalizedIn(range: number): number {
    const headHeight = this.head.current?.height ?? -1
    return Math.max(0, Math.min(RANGE_BLOCKS, headHeight - range * RANGE_BLOCKS + 1))
  }

  private load(range: number, upTo?: number): Promise<void> {
    const running = this.loading.get(range)
    if (running) return running
    const started = this.loadNow(range, upTo).finally(() => this.loading.delete(range))
    this.loading.set(range, started)
    // Not after a failure: the same range would be asked for again at once.
    started.then(
      () => this.pump(),
      () => {},
    )
    return started
  }

  private async loadNow(range: number, upTo: number | undefined): Promise<void> {
    let blocks: readonly RawBlock[] | undefined = this.window.blocksOf(range)
    if (blocks === undefined) {
      blocks = await this.source.fromDisk(range)
      if (blocks) this.window.put(range, blocks)
    }
    const known = blocks ?? []
    const top = range * RANGE_BLOCKS + this.finalizedIn(range) - 1
    const needed = upTo ?? top
    if (known.length > 0 && needed <= known.at(-1)!.height) return
    if (top < range * RANGE_BLOCKS + known.length) return
    this.window.put(range, await this.source.extend(range, known, top))
  }

  private reportContradiction(error: unknown): void {
    if (error instanceof LedgerError && error.kind === 'contradiction') this.failed(error)
  }
}
