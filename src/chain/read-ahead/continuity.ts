import { RANGE_BLOCKS } from './limits'
import type { RawBlock } from './raw-block'
import { contradiction } from './read-ahead-error'

/** Ranges whose ends are remembered after they were dropped (a range's ends take about 300 bytes). */
const MAX_REMEMBERED_RANGES = 4_096

interface Ends {
  first: RawBlockEnd
  last: RawBlockEnd
}
type RawBlockEnd = Pick<RawBlock, 'height' | 'hash' | 'parentHash'>

/** Checks that everything served is one chain: within each range, and from range to range. */
export class Continuity {
  private readonly ranges = new Map<number, Ends>()

  /** @throws LedgerError SL-CHAIN-CONTRADICTION with the height and both hashes */
  check(blocks: readonly RawBlock[]): void {
    for (let i = 1; i < blocks.length; i += 1) checkParent(blocks[i - 1]!, blocks[i]!)
    const first = blocks[0]!
    const last = blocks.at(-1)!
    const range = Math.floor(first.height / RANGE_BLOCKS)
    const before = this.ranges.get(range - 1)
    if (before) checkParent(before.last, first)
    const after = this.ranges.get(range + 1)
    if (after) checkParent(last, after.first)
    this.checkAgainstEarlier(range, blocks)
    this.ranges.delete(range)
    this.ranges.set(range, { first: end(first), last: end(last) })
    if (this.ranges.size > MAX_REMEMBERED_RANGES) this.ranges.delete(this.ranges.keys().next().value!)
  }

  /** A range that is loaded again must be what it was: finalized blocks do not change. */
  private checkAgainstEarlier(range: number, blocks: readonly RawBlock[]): void {
    const earlier = this.ranges.get(range)?.last
    if (earlier === undefined) return
    const now = blocks[earlier.height - blocks[0]!.height]
    if (now === undefined || now.hash === earlier.hash) return
    throw contradiction(now.height, `a finalized block changed from ${earlier.hash} to ${now.hash}.`, {
      before: earlier.hash,
      now: now.hash,
    })
  }
}

const end = ({ height, hash, parentHash }: RawBlockEnd): RawBlockEnd => ({ height, hash, parentHash })

function checkParent(parent: RawBlockEnd, block: RawBlockEnd): void {
  if (block.height !== parent.height + 1 || block.parentHash === parent.hash) return
  throw contradiction(
    block.height,
    `it names ${block.parentHash} as its parent, but block ${parent.height} is ${parent.hash}.`,
    { parentHash: block.parentHash, previousHash: parent.hash },
  )
}
