import { KeyOrder } from './key-order'

/** What one block changed: raw key → SCALE value as `0x` hex, null for removed. */
export type Changes = ReadonlyMap<string, string | null>

interface Track {
  readonly heights: number[]
  readonly values: (string | null)[]
}

/**
 * Values of all raw keys along one chain of blocks, each with the height from which it holds. `unwind` takes blocks
 * off the end (a fork leaves here), `prune` forgets states below a height; the present state is never lost.
 */
export class StateHistory {
  private readonly tracks = new Map<string, Track>()
  private readonly order = new KeyOrder()

  append(height: number, changes: Changes): void {
    for (const [key, value] of changes) {
      const track = this.tracks.get(key)
      if (track) {
        track.heights.push(height)
        track.values.push(value)
      } else if (value !== null) {
        this.tracks.set(key, { heights: [height], values: [value] })
        this.order.add(key)
      }
    }
  }

  /** Takes a block's changes back; blocks must come off from the last one down. */
  unwind(height: number, changes: Changes): void {
    for (const key of changes.keys()) {
      const track = this.tracks.get(key)
      if (!track || track.heights.at(-1) !== height) continue
      track.heights.pop()
      track.values.pop()
      if (track.heights.length === 0) this.drop(key)
    }
  }

  latest(key: string): string | null {
    return this.tracks.get(key)?.values.at(-1) ?? null
  }

  at(height: number, key: string): string | null {
    const track = this.tracks.get(key)
    if (!track) return null
    const i = lastAtOrBelow(track.heights, height)
    return i < 0 ? null : track.values[i]!
  }

  /** Keys that begin with `prefix` and have a value at the height, ascending, after `after`. */
  *keysAt(height: number, prefix: string, after?: string): Generator<string> {
    for (const key of this.order.from(prefix, after)) {
      if (this.at(height, key) !== null) yield key
    }
  }

  latestKeys(prefix: string): Generator<string> {
    return this.keysAt(Number.MAX_SAFE_INTEGER, prefix)
  }

  /** Forgets what held only below the height. */
  prune(beforeHeight: number): void {
    for (const [key, track] of this.tracks) {
      const first = lastAtOrBelow(track.heights, beforeHeight)
      if (first > 0) {
        track.heights.splice(0, first)
        track.values.splice(0, first)
      }
      if (track.values.length === 1 && track.values[0] === null) this.drop(key)
    }
  }

  private drop(key: string): void {
    this.tracks.delete(key)
    this.order.forget(key)
  }
}

function lastAtOrBelow(heights: readonly number[], height: number): number {
  let low = 0
  let high = heights.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (heights[middle]! <= height) low = middle + 1
    else high = middle
  }
  return low - 1
}
