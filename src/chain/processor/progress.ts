/** Where the indexer stands. */
export interface Progress {
  /** Last block in the database. */
  readonly height: number
  /** Last finalized block of the node, as far as known; not above the last block wanted. */
  readonly head: number
  readonly blocksPerSecond: number
  /** Seconds until the head is reached at this speed; undefined while the speed is not known. */
  readonly secondsLeft: number | undefined
}

/** The speed is that of the last ten seconds. */
const WINDOW_MS = 10_000

/** Measures the speed over a sliding window; times are given from outside (ms). */
export class ProgressMeter {
  private readonly marks: { readonly atMs: number; readonly height: number }[] = []

  mark(height: number, head: number, atMs: number): Progress {
    this.marks.push({ atMs, height })
    while (this.marks.length > 2 && this.marks[0]!.atMs < atMs - WINDOW_MS) this.marks.shift()
    const first = this.marks[0]!
    const seconds = (atMs - first.atMs) / 1000
    const blocksPerSecond = seconds > 0 ? (height - first.height) / seconds : 0
    const left = Math.max(0, head - height)
    return {
      height,
      head: Math.max(head, height),
      blocksPerSecond,
      secondsLeft: blocksPerSecond > 0 ? left / blocksPerSecond : undefined,
    }
  }
}
