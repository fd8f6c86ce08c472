import { setImmediate as pause } from 'node:timers/promises'

/** Longest work before requests that wait are answered (ms). */
const SLICE_MS = 8

/** Long work in slices, so that whoever else asks waits for one slice and not for the whole. */
export class Slices {
  private since = performance.now()

  /** Whether the slice is used up: then `rest` is due. Apart from it, because an `await` for each small piece would cost more than the piece. */
  get isOver(): boolean {
    return performance.now() - this.since >= SLICE_MS
  }

  /** Lets everything that waits have its turn. */
  async rest(): Promise<void> {
    await pause()
    this.since = performance.now()
  }
}
