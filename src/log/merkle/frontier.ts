import { EMPTY_ROOT, HASH_BYTES, hashNode } from './hash'

/** A tile is the root of a complete subtree of 256^level leaves. */
export interface Tile {
  readonly level: number
  readonly index: number
  readonly hash: Buffer
}

/** Tree levels between two stored tile levels: 2^8 = 256 children. */
export const TILE_TREE_LEVELS = 8

/**
 * The right edge of an RFC 6962 tree: the roots of its complete subtrees, one for each set bit of the size.
 * That is all that appending needs, whatever the size.
 */
export class Frontier {
  /** By tree level; undefined where the size has no such bit. */
  private readonly peaks: (Buffer | undefined)[] = []
  private leaves = 0

  get size(): number {
    return this.leaves
  }

  /** @param packed roots of the complete subtrees, largest first, 32 bytes each */
  static unpack(size: number, packed: Uint8Array): Frontier {
    const frontier = new Frontier()
    frontier.leaves = size
    const levels = levelsOf(size)
    if (packed.length !== levels.length * HASH_BYTES) throw new RangeError('frontier does not fit its size')
    levels.forEach((level, i) => {
      frontier.peaks[level] = Buffer.from(packed.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))
    })
    return frontier
  }

  pack(): Buffer {
    return Buffer.concat(levelsOf(this.leaves).map((level) => this.peaks[level]!))
  }

  copy(): Frontier {
    const other = new Frontier()
    other.leaves = this.leaves
    other.peaks.push(...this.peaks)
    return other
  }

  /** Adds a leaf; tiles that it completes are pushed to `completed`. */
  push(leaf: Buffer, completed: Tile[]): void {
    let hash = leaf
    let level = 0
    let rest = this.leaves
    while (rest % 2 === 1) {
      hash = hashNode(this.peaks[level]!, hash)
      this.peaks[level] = undefined
      level += 1
      rest = (rest - 1) / 2
      if (level % TILE_TREE_LEVELS === 0) {
        completed.push({ level: level / TILE_TREE_LEVELS, index: rest, hash })
      }
    }
    this.peaks[level] = hash
    this.leaves += 1
  }

  root(): Buffer {
    let root: Buffer | undefined
    for (const peak of this.peaks) {
      if (peak) root = root ? hashNode(peak, root) : peak
    }
    return root ?? EMPTY_ROOT
  }
}

/** Levels of the complete subtrees of a tree of this size, largest first. */
export function levelsOf(size: number): number[] {
  const levels: number[] = []
  for (let level = 0, rest = size; rest > 0; level++) {
    if (rest % 2 === 1) levels.unshift(level)
    rest = Math.floor(rest / 2)
  }
  return levels
}
