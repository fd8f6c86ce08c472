import type { RawBlock } from './raw-block'

/** Facts of a block beside its texts: objects, keys, strings. Measured roughly, rounded up. */
const FACTS_BYTES = 600

/**
 * The blocks of one range with their texts in one buffer. Off the heap, because V8 lets a heap of long-lived
 * strings grow to several times their size before it collects; texts become strings again when they are served.
 */
export class PackedRange {
  readonly blocks: readonly RawBlock[]
  readonly bytes: number

  constructor(blocks: readonly RawBlock[]) {
    const texts = blocks.flatMap(({ blockText, eventsText }) => [blockText, eventsText])
    const lengths = texts.map((text) => Buffer.byteLength(text))
    const total = lengths.reduce((sum, length) => sum + length, 0)
    // Not from the shared pool, which small slices would keep alive.
    const buffer = Buffer.allocUnsafeSlow(total)
    let offset = 0
    const places = texts.map((text, i) => {
      buffer.write(text, offset)
      offset += lengths[i]!
      return offset
    })
    this.blocks = blocks.map(
      (block, i) =>
        new PackedBlock(block, buffer, places[2 * i - 1] ?? 0, places[2 * i]!, places[2 * i + 1]!),
    )
    this.bytes = total + blocks.length * FACTS_BYTES
  }
}

class PackedBlock implements RawBlock {
  readonly height: number
  readonly hash: string
  readonly parentHash: string
  readonly runtimeId: string

  constructor(
    { height, hash, parentHash, runtimeId }: RawBlock,
    private readonly buffer: Buffer,
    private readonly start: number,
    private readonly middle: number,
    private readonly end: number,
  ) {
    this.height = height
    this.hash = hash
    this.parentHash = parentHash
    this.runtimeId = runtimeId
  }

  get blockText(): string {
    return this.buffer.toString('utf8', this.start, this.middle)
  }

  get eventsText(): string {
    return this.buffer.toString('utf8', this.middle, this.end)
  }
}
