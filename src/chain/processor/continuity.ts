import { LedgerError } from '../../errors/ledger-error'

export interface Link {
  readonly height: number
  readonly hash: string
}

interface Header extends Link {
  readonly parentHash: string
}

/**
 * Every block must name the one before it as its parent, and no height may be missing.
 * @param last the last block of the database or of the blocks before; height −1 when there is none
 * @throws LedgerError SL-CHAIN-GAP, SL-CHAIN-CONTRADICTION
 */
export function checkContinuity(last: Link, blocks: readonly Header[]): void {
  let before = last
  for (const { height, hash, parentHash } of blocks) {
    if (before.height >= 0) {
      if (height !== before.height + 1) throw gap(before, height)
      if (parentHash !== before.hash) throw contradiction(before, { height, hash, parentHash })
    }
    before = { height, hash }
  }
}

function gap(before: Link, height: number): LedgerError {
  const message = `Block ${height} came where block ${before.height + 1} was expected.`
  return new LedgerError('SL-CHAIN-GAP', 'contradiction', message, {
    remedy: 'Start again; if this comes back, the node skips blocks: use another one. Nothing was written.',
    facts: { indexed: before.height, indexedHash: before.hash, received: height },
  })
}

function contradiction(before: Link, block: Header): LedgerError {
  return new LedgerError(
    'SL-CHAIN-CONTRADICTION',
    'contradiction',
    `Block ${block.height} does not name block ${before.height} as its parent.`,
    {
      remedy:
        'The node serves another chain than before, or contradicts itself: compare both hashes with another node. Nothing of this block was written.',
      facts: {
        height: block.height,
        hash: block.hash,
        parentHash: block.parentHash,
        indexedHash: before.hash,
      },
    },
  )
}
