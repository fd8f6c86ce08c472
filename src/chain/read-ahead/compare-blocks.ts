import { isDeepStrictEqual } from 'node:util'
import type { RawBlock } from './raw-block'
import { endpointsDisagree } from './read-ahead-error'

/**
 * Compares the same blocks from two nodes. The texts may differ in the order of their members and in what
 * justifies a block (each node keeps its own proofs of finality), never in header, extrinsics or events.
 * @throws LedgerError SL-NODES-DISAGREE with the first block that differs
 */
export function compareBlocks(ours: readonly RawBlock[], theirs: readonly RawBlock[]): void {
  ours.forEach((block, i) => {
    const other = theirs[i]!
    if (block.hash !== other.hash) {
      throw endpointsDisagree(block.height, 'hashes', { hash: block.hash, otherHash: other.hash })
    }
    if (block.blockText !== other.blockText && !isDeepStrictEqual(contentOf(block), contentOf(other))) {
      throw endpointsDisagree(block.height, 'contents', { hash: block.hash })
    }
    if (block.eventsText !== other.eventsText)
      throw endpointsDisagree(block.height, 'events', { hash: block.hash })
  })
}

const contentOf = ({ blockText }: RawBlock): unknown => JSON.parse(blockText).block
