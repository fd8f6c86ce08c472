import { RANGE_BLOCKS } from './limits'
import { memoryBytes, type RawBlock } from './raw-block'

interface LoadedRange {
  readonly blocks: RawBlock[]
  readonly bytes: number
}

/** The ranges in memory, around the place where the reader is, within a number of bytes. */
export class Window {
  private readonly ranges = new Map<number, LoadedRange>()
  private readonly heights = new Map<string, number>()
  private usedBytes = 0
  /** The range that the reader asked for last; -1 before it has asked. */
  cursor = -1

  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.usedBytes
  }

  get rangeCount(): number {
    return this.ranges.size
  }

  has(range: number): boolean {
    return this.ranges.has(range)
  }

  blocksOf(range: number): RawBlock[] | undefined {
    return this.ranges.get(range)?.blocks
  }

  block(height: number): RawBlock | undefined {
    return this.ranges.get(rangeOf(height))?.blocks[height % RANGE_BLOCKS]
  }

  /** Height of a block in memory, or of the parent of a range in memory. */
  heightOf(hash: string): number | undefined {
    return this.heights.get(hash)
  }

  put(range: number, blocks: RawBlock[]): void {
    this.drop(range)
    const bytes = blocks.reduce((sum, block) => sum + memoryBytes(block), 0)
    this.ranges.set(range, { blocks, bytes })
    this.usedBytes += bytes
    const first = blocks[0]!
    if (first.height > 0) this.heights.set(first.parentHash, first.height - 1)
    for (const { hash, height } of blocks) this.heights.set(hash, height)
    this.shrink(range)
  }

  /** How many ranges fit ahead of the reader; some memory stays for those it reads now. */
  get capacityAhead(): number {
    if (this.ranges.size === 0) return 1
    const average = this.usedBytes / this.ranges.size
    return Math.max(1, Math.floor((0.75 * this.maxBytes) / average))
  }

  /** Behind the reader first, farthest first; then the farthest ahead. Never the range just loaded. */
  private shrink(keep: number): void {
    while (this.usedBytes > this.maxBytes && this.ranges.size > 1) {
      let victim: number | undefined
      for (const range of this.ranges.keys()) {
        if (range !== keep && (victim === undefined || this.isLessUseful(range, victim))) victim = range
      }
      this.drop(victim!)
    }
  }

  private isLessUseful(a: number, b: number): boolean {
    const behindA = a < this.cursor
    if (behindA !== b < this.cursor) return behindA
    return behindA ? a < b : a > b
  }

  private drop(range: number): void {
    const loaded = this.ranges.get(range)
    if (loaded === undefined) return
    this.ranges.delete(range)
    this.usedBytes -= loaded.bytes
    for (const { hash } of loaded.blocks) this.heights.delete(hash)
    const { parentHash, height } = loaded.blocks[0]!
    if (!this.has(rangeOf(height - 1))) this.heights.delete(parentHash)
    // The range after it, if in memory, still names this one's last block as its parent.
    const after = this.ranges.get(range + 1)?.blocks[0]
    if (after) this.heights.set(after.parentHash, after.height - 1)
  }
}

export const rangeOf = (height: number): number => Math.floor(height / RANGE_BLOCKS)
