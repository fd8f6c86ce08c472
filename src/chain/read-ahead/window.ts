import { RANGE_BLOCKS } from './limits'
import { PackedRange } from './packed-range'
import type { RawBlock } from './raw-block'

/** The processor reads five stretches of ten blocks at once, so that its place is a few ranges wide. */
const READ_AT_ONCE_RANGES = 2
/** Of the memory, for ranges on their way. */
const IN_FLIGHT_SHARE = 0.25
/** 64 kB a block, until a range has shown what it takes. */
const FIRST_GUESS_RANGE_BYTES = 2 * 1024 * 1024

/** The ranges in memory, around the place where the reader is, within a number of bytes. */
export class Window {
  private readonly ranges = new Map<number, PackedRange>()
  private readonly heights = new Map<string, number>()
  private usedBytes = 0
  /** The range that the reader asked for last; -1 before it has asked. */
  cursor = -1

  private readonly keptBytes: number

  constructor(private readonly maxBytes: number) {
    this.keptBytes = (1 - IN_FLIGHT_SHARE) * maxBytes
  }

  get bytes(): number {
    return this.usedBytes
  }

  get rangeCount(): number {
    return this.ranges.size
  }

  has(range: number): boolean {
    return this.ranges.has(range)
  }

  blocksOf(range: number): readonly RawBlock[] | undefined {
    return this.ranges.get(range)?.blocks
  }

  block(height: number): RawBlock | undefined {
    return this.ranges.get(rangeOf(height))?.blocks[height % RANGE_BLOCKS]
  }

  /** Height of a block in memory, or of the parent of a range in memory. */
  heightOf(hash: string): number | undefined {
    return this.heights.get(hash)
  }

  put(range: number, blocks: readonly RawBlock[]): void {
    this.drop(range)
    const packed = new PackedRange(blocks)
    this.ranges.set(range, packed)
    this.usedBytes += packed.bytes
    const first = blocks[0]!
    if (first.height > 0) this.heights.set(first.parentHash, first.height - 1)
    for (const { hash, height } of blocks) this.heights.set(hash, height)
    this.shrink(range)
  }

  /** How many ranges fit ahead of the reader, beside those it reads now. */
  get capacityAhead(): number {
    return Math.max(1, Math.floor(this.keptBytes / this.averageBytes) - READ_AT_ONCE_RANGES - 1)
  }

  /** How many ranges may be on their way: an answer takes its memory several times over before it is kept. */
  get capacityInFlight(): number {
    return Math.max(1, Math.floor((IN_FLIGHT_SHARE * this.maxBytes) / this.averageBytes))
  }

  private get averageBytes(): number {
    return this.ranges.size === 0 ? FIRST_GUESS_RANGE_BYTES : this.usedBytes / this.ranges.size
  }

  /** Behind the reader first, farthest first; then the farthest ahead. Never the range just loaded. */
  private shrink(keep: number): void {
    while (this.usedBytes > this.keptBytes && this.ranges.size > 1) {
      let victim: number | undefined
      for (const range of this.ranges.keys()) {
        if (range !== keep && (victim === undefined || this.isLessUseful(range, victim))) victim = range
      }
      this.drop(victim!)
    }
  }

  private isLessUseful(a: number, b: number): boolean {
    const oldest = this.cursor - READ_AT_ONCE_RANGES
    const behindA = a < oldest
    if (behindA !== b < oldest) return behindA
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
