import { levelsOf } from './frontier'
import { type HexHash, hashNode } from './hash'

/** A complete subtree: leaves `index · 2^level` up to `(index + 1) · 2^level`. */
export interface Subtree {
  readonly level: number
  readonly index: number
}

/** One hash of a proof: complete subtrees, left to right, to be joined from the right. */
export type ProofNode = readonly Subtree[]

/** Leaves [from, to) as complete subtrees. `from` must be a multiple of the largest power of two within. */
export function coverRange(from: number, to: number): Subtree[] {
  let start = from
  return levelsOf(to - from).map((level) => {
    const subtree = { level, index: start / 2 ** level }
    start += 2 ** level
    return subtree
  })
}

/** The nodes beside the way from a leaf to the root, leaf's end first (RFC 6962 §2.1.1). */
export function inclusionNodes(index: number, size: number): ProofNode[] {
  if (index < 0 || index >= size) throw new RangeError(`leaf ${index} is not in a tree of ${size}`)
  const nodes: ProofNode[] = []
  let from = 0
  let to = size
  while (to - from > 1) {
    const split = from + splitPoint(to - from)
    if (index < split) {
      nodes.push(coverRange(split, to))
      to = split
    } else {
      nodes.push(coverRange(from, split))
      from = split
    }
  }
  return nodes.reverse()
}

/** The nodes that show that the tree of `older` leaves is a prefix of the tree of `newer` (RFC 6962 §2.1.2). */
export function consistencyNodes(older: number, newer: number): ProofNode[] {
  if (older < 0 || older > newer) throw new RangeError(`${older} leaves are no prefix of ${newer}`)
  if (older === 0 || older === newer) return []
  const nodes: ProofNode[] = []
  let from = 0
  let to = newer
  while (older !== to) {
    const split = from + splitPoint(to - from)
    if (older <= split) {
      nodes.push(coverRange(split, to))
      to = split
    } else {
      nodes.push(coverRange(from, split))
      from = split
    }
  }
  // The old root itself is known to the verifier when it is a complete subtree from leaf 0.
  if (from > 0) nodes.push(coverRange(from, to))
  return nodes.reverse()
}

/** Joins complete subtrees of one range, given left to right. */
export function joinSubtrees(hashes: readonly HexHash[]): HexHash {
  let root = hashes.at(-1)
  if (root === undefined) throw new RangeError('no subtree to join')
  for (let i = hashes.length - 2; i >= 0; i--) root = hashNode(hashes[i]!, root)
  return root
}

/** Largest power of two below `count`. */
function splitPoint(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}
