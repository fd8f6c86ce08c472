import type { ClientBase } from 'pg'
import { TILE_TREE_LEVELS } from './frontier'
import { type HexHash, hashNode } from './hash'
import { coverRange, inclusionNodes, joinSubtrees, type Subtree } from './proof'
import { type LogId, readStored } from './stored-tree'

/** Children of a tile: leaves, or roots of 256^level leaves. */
const TILE_CHILDREN = 2 ** TILE_TREE_LEVELS
/** About 50 kB each, once every hash within was asked for. */
const TILES_MAX_COUNT = 256

export interface Inclusion {
  readonly leaf: HexHash
  /** Leaf's end first (RFC 6962 §2.1.1). */
  readonly hashes: readonly HexHash[]
}

/** The children that are known of a tile, and what was hashed of them. */
interface KeptTile {
  readonly level: number
  readonly index: number
  readonly children: HexHash[]
  /** By heap number: the tile's own root is 1, the children of n are 2n and 2n + 1. */
  readonly inner: Map<number, HexHash>
}

/** Where a subtree lies: its tile, and the children of the tile that it covers. */
interface Place {
  readonly tileLevel: number
  readonly tileIndex: number
  /** Tree levels above the children. */
  readonly height: number
  /** Of subtrees of this height in the tile. */
  readonly position: number
}

/**
 * The tree of one log as whoever makes many proofs keeps it: a leaf is final, so the root of a complete subtree never changes.
 * Whole tiles are read, once; neighbours find theirs without the database.
 */
export class KeptTree {
  /** The one used last stands last. */
  private readonly tiles = new Map<string, KeptTile>()

  constructor(
    private readonly pool: Pick<ClientBase, 'query'>,
    private readonly id: LogId,
  ) {}

  /** @param seqs all below `size` */
  async inclusions(seqs: readonly number[], size: number): Promise<Inclusion[]> {
    const proofs = seqs.map((seq) => inclusionNodes(seq, size))
    const leaves = seqs.map((index) => ({ level: 0, index }))
    const tiles = await this.load([...leaves, ...proofs.flat(2)])
    return proofs.map((nodes, i) => ({
      leaf: hashOf(tiles, leaves[i]!),
      hashes: nodes.map((node) => joinSubtrees(node.map((subtree) => hashOf(tiles, subtree)))),
    }))
  }

  /** Root of the first `size` leaves, of which there is one at least. */
  async root(size: number): Promise<HexHash> {
    const cover = coverRange(0, size)
    const tiles = await this.load(cover)
    return joinSubtrees(cover.map((subtree) => hashOf(tiles, subtree)))
  }

  /** The tiles of these subtrees, with every child that they cover. */
  private async load(subtrees: readonly Subtree[]): Promise<ReadonlyMap<string, KeptTile>> {
    const wanted = new Map<string, KeptTile>()
    const incomplete = new Set<KeptTile>()
    for (const subtree of subtrees) {
      const { tileLevel, tileIndex, height, position } = placeOf(subtree)
      const name = nameOf(tileLevel, tileIndex)
      const tile = wanted.get(name) ?? this.touch(name, tileLevel, tileIndex)
      wanted.set(name, tile)
      if (tile.children.length < (position + 1) * 2 ** height) incomplete.add(tile)
    }
    if (incomplete.size > 0) await this.read([...incomplete])
    return wanted
  }

  private touch(name: string, level: number, index: number): KeptTile {
    const tile = this.tiles.get(name) ?? { level, index, children: [], inner: new Map() }
    this.tiles.delete(name)
    this.tiles.set(name, tile)
    if (this.tiles.size > TILES_MAX_COUNT) this.tiles.delete(this.tiles.keys().next().value!)
    return tile
  }

  /** Whatever is stored by now of the tiles' other children. */
  private async read(tiles: readonly KeptTile[]): Promise<void> {
    const ranges = tiles.map(({ level, index, children }) => ({
      tileLevel: level,
      from: index * TILE_CHILDREN + children.length,
      to: (index + 1) * TILE_CHILDREN,
    }))
    const before = tiles.map(({ children }) => children.length)
    const stored = await readStored(this.pool, this.id, ranges)
    for (const [i, { children }] of tiles.entries()) {
      // Another call may have read the same meanwhile.
      if (children.length === before[i]) children.push(...stored[i]!)
    }
  }
}

const nameOf = (level: number, index: number) => `${level}/${index}`

function placeOf({ level, index }: Subtree): Place {
  const tileLevel = Math.floor(level / TILE_TREE_LEVELS)
  const height = level - tileLevel * TILE_TREE_LEVELS
  const inTile = 2 ** (TILE_TREE_LEVELS - height)
  return { tileLevel, tileIndex: Math.floor(index / inTile), height, position: index % inTile }
}

function hashOf(tiles: ReadonlyMap<string, KeptTile>, subtree: Subtree): HexHash {
  const { tileLevel, tileIndex, height, position } = placeOf(subtree)
  const tile = tiles.get(nameOf(tileLevel, tileIndex))!
  return innerHash(tile, 2 ** (TILE_TREE_LEVELS - height) + position)
}

function innerHash(tile: KeptTile, heap: number): HexHash {
  if (heap >= TILE_CHILDREN) {
    const child = tile.children[heap - TILE_CHILDREN]
    if (child === undefined) throw new Error(`a hash of tile ${nameOf(tile.level, tile.index)} is missing`)
    return child
  }
  const known = tile.inner.get(heap)
  if (known !== undefined) return known
  const hash = hashNode(innerHash(tile, 2 * heap), innerHash(tile, 2 * heap + 1))
  tile.inner.set(heap, hash)
  return hash
}
