import { EMPTY_ROOT, HASH_HEX_CHARS, type HexHash, hashNode } from './hash'

/** A tile is the root of a complete subtree of 256^level leaves. */
export interface Tile {
  readonly level: number
  readonly index: number
  readonly hash: HexHash
}

/** Tree levels between two stored tile levels: 2^8 = 256 children. */
export const TILE_TREE_LEVELS = 8

/**
 * The right edge of an RFC 6962 tree: the roots of its complete subtrees, one for each set bit of the size.
 * That is all that appending needs, whatever the size.
 */
export class Frontier {
  /** By tree level; undefined where the size has no such bit. */
  private readonly peaks: (HexHash | undefined)[] = []
  private leaves = 0

  get size(): number {
    return this.leaves
  }

  /** @param packed roots of the complete subtrees, largest first, joined */
  static unpack(size: number, packed: string): Frontier {
    const frontier = new Frontier()
    frontier.leaves = size
    const levels = levelsOf(size)
    if (packed.length !== levels.length * HASH_HEX_CHARS)
      throw new RangeError('frontier does not fit its size')
    levels.forEach((level, i) => {
      frontier.peaks[level] = packed.slice(i * HASH_HEX_CHARS, (i + 1) * HASH_HEX_CHARS)
    })
    return frontier
  }

  pack(): string {
    return levelsOf(this.leaves)
      .map((level) => this.peaks[level])
      .join('')
  }

  copy(): Frontier {
    const other = new Frontier()
    other.leaves = this.leaves
    other.peaks.push(...this.peaks)
    return other
  }

  /** Adds a leaf and tells which tiles it completes, one in 256 leaves or less. */
  push(leaf: HexHash, completed: (tile: Tile) => void): void {
    let hash = leaf
    let level = 0
    let rest = this.leaves
    while (rest % 2 === 1) {
      hash = hashNode(this.peaks[level]!, hash)
      this.peaks[level] = undefined
      level += 1
      rest = (rest - 1) / 2
      if (level % TILE_TREE_LEVELS === 0) {
        completed({ level: level / TILE_TREE_LEVELS, index: rest, hash })
      }
    }
    this.peaks[level] = hash
    this.leaves += 1
  }

  root(): HexHash {
    let root: HexHash | undefined
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
