import type { BlockCache } from './block-cache'
import { compareBlocks } from './compare-blocks'
import type { Continuity } from './continuity'
import { fetchBlocks } from './fetch-blocks'
import type { FinalizedHead } from './finalized-head'
import { RANGE_BLOCKS, type ReadAheadLimits } from './limits'
import type { RawBlock } from './raw-block'
import { contradiction } from './read-ahead-error'
import type { Runtimes } from './runtimes'
import type { TailWriter } from './tail-writer'
import type { Upstream } from './upstream'

export interface RangeCounts {
  fetchedBlocks: number
  cachedBlocks: number
}

export interface RangeSourceParts {
  readonly upstream: Upstream
  readonly other: Upstream | undefined
  readonly cache: BlockCache | undefined
  readonly tail: TailWriter | undefined
  readonly runtimes: Runtimes
  readonly continuity: Continuity
  readonly head: FinalizedHead
  readonly limits: ReadAheadLimits
}

/** Gets a range of finalized blocks: from the disk as far as it goes, from the node beyond; checked. */
export class RangeSource {
  readonly counts: RangeCounts = { fetchedBlocks: 0, cachedBlocks: 0 }

  constructor(private readonly parts: RangeSourceParts) {}

  /** Blocks of the range on disk that need no node, checked; undefined when there are none. */
  async fromDisk(range: number): Promise<RawBlock[] | undefined> {
    const { cache, other, runtimes } = this.parts
    const blocks = await cache?.readRange(range, other !== undefined)
    if (blocks === undefined) return undefined
    for (const id of new Set(blocks.map((it) => it.runtimeId))) {
      if (!(await runtimes.recall(id))) return undefined
    }
    this.check(blocks)
    this.counts.cachedBlocks += blocks.length
    return blocks
  }

  /** The known blocks of the range continued to `to` (height), and written to the disk. */
  async extend(range: number, known: readonly RawBlock[], to: number): Promise<RawBlock[]> {
    const { upstream, other, runtimes, limits, cache, tail } = this.parts
    const from = range * RANGE_BLOCKS + known.length
    const [ours, theirs] = await Promise.all([
      fetchBlocks(upstream, from, to, limits),
      other && fetchBlocks(other, from, to, limits),
    ])
    if (theirs) compareBlocks(ours.blocks, theirs.blocks)
    await runtimes.learn(ours.versions)
    const blocks = [...known, ...ours.blocks]
    this.check(blocks)
    this.counts.fetchedBlocks += ours.blocks.length
    const cached = { blocks, compared: other !== undefined }
    if (blocks.length === RANGE_BLOCKS) await cache?.writeRange(range, cached)
    else tail?.put(range, cached)
    return blocks
  }

  private check(blocks: readonly RawBlock[]): void {
    this.parts.continuity.check(blocks)
    const head = this.parts.head.current
    const atHead = head && blocks[head.height - blocks[0]!.height]
    if (atHead && atHead.hash !== head.hash) {
      throw contradiction(head.height, `${head.hash} is final, but the block is ${atHead.hash}.`, {
        finalized: head.hash,
        block: atHead.hash,
      })
    }
  }
}
