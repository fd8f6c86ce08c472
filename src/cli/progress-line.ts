export interface Progress {
  /** Last block in the database. */
  readonly height: number
  /** Last finalized block of the node, as far as known. */
  readonly head: number
  readonly blocksPerSecond: number
  /** Seconds until caught up; undefined when unknown or done. */
  readonly secondsLeft: number | undefined
}

const PERIOD_MS = 1000

/**
 * Shows where the indexer stands: rewritten in place on a terminal, a line every ten seconds elsewhere.
 * Once caught up it says so once and only speaks again of new blocks on a terminal.
 */
export class ProgressLine {
  private shownAt = 0
  private caughtUp = false

  constructor(
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly now: () => number = Date.now,
  ) {}

  show(progress: Progress): void {
    const behind = progress.head - progress.height
    if (behind <= 0 && !this.caughtUp) {
      this.caughtUp = true
      this.write(`caught up at block ${progress.height}`, true)
      return
    }
    const period = this.out.isTTY ? PERIOD_MS : 10 * PERIOD_MS
    if (this.now() - this.shownAt < period || (this.caughtUp && !this.out.isTTY)) return
    this.write(describe(progress, behind), false)
  }

  private write(text: string, keep: boolean): void {
    this.shownAt = this.now()
    if (!this.out.isTTY) this.out.write(`${text}\n`)
    else this.out.write(`\r\x1b[2K${text}${keep ? '\n' : ''}`)
  }
}

function describe({ height, head, blocksPerSecond, secondsLeft }: Progress, behind: number): string {
  if (behind <= 0) return `block ${height}`
  const left = secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`
  return `block ${height} of ${head}, ${Math.round(blocksPerSecond)} blocks/s${left}`
}

/** Seconds as `42 s`, `7 min`, `3 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
