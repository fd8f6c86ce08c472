import type { ClientBase } from 'pg'
import type { LogName } from '../envelope'
import { TILE_TREE_LEVELS } from './frontier'
import { EMPTY_ROOT, type HexHash, hashNode } from './hash'
import {
  consistencyNodes,
  coverRange,
  inclusionNodes,
  joinSubtrees,
  type ProofNode,
  type Subtree,
} from './proof'

export interface LogId {
  readonly log: LogName | string
  readonly netuid: number
}

/** Root (64 hex characters) of the first `size` leaves, from stored tiles and at most 255 leaves a gap. */
export async function rootOf(pool: Pick<ClientBase, 'query'>, id: LogId, size: number): Promise<HexHash> {
  if (size === 0) return EMPTY_ROOT
  return joinSubtrees(await hashesOf(pool, id, coverRange(0, size)))
}

/** Hashes that lead from leaf `seq` to the root of `size` leaves, leaf's end first. */
export async function inclusionHashes(
  pool: Pick<ClientBase, 'query'>,
  id: LogId,
  seq: number,
  size: number,
): Promise<HexHash[]> {
  return joined(pool, id, inclusionNodes(seq, size))
}

/** Hashes that show the tree of `older` leaves to be the beginning of that of `newer`. */
export async function consistencyHashes(
  pool: Pick<ClientBase, 'query'>,
  id: LogId,
  older: number,
  newer: number,
): Promise<HexHash[]> {
  return joined(pool, id, consistencyNodes(older, newer))
}

async function joined(
  pool: Pick<ClientBase, 'query'>,
  id: LogId,
  nodes: readonly ProofNode[],
): Promise<HexHash[]> {
  const hashes = await hashesOf(pool, id, nodes.flat())
  let next = 0
  return nodes.map((node) => {
    const own = hashes.slice(next, next + node.length)
    next += node.length
    return joinSubtrees(own)
  })
}

/** Children of a subtree that are stored: leaves, or roots of 256^level leaves. */
export interface StoredRange {
  readonly tileLevel: number
  readonly from: number
  readonly to: number
}

function storedRange({ level, index }: Subtree): StoredRange {
  const tileLevel = Math.floor(level / TILE_TREE_LEVELS)
  const count = 2 ** (level - tileLevel * TILE_TREE_LEVELS)
  return { tileLevel, from: index * count, to: (index + 1) * count }
}

const SELECT_STORED = `
  select w.n::int as n, encode(s.hash, 'hex') as hash
  from unnest($3::int[], $4::bigint[], $5::bigint[]) with ordinality as w(level, first, last, n)
  cross join lateral (
    select seq as position, leaf_hash as hash from log_event
    where w.level = 0 and log = $1 and netuid = $2 and seq >= w.first and seq < w.last
    union all
    select idx, hash from log_tile
    where w.level > 0 and log = $1 and netuid = $2 and level = w.level and idx >= w.first and idx < w.last) s
  order by w.n, s.position`

async function hashesOf(
  pool: Pick<ClientBase, 'query'>,
  id: LogId,
  subtrees: readonly Subtree[],
): Promise<HexHash[]> {
  if (subtrees.length === 0) return []
  const ranges = subtrees.map(storedRange)
  const children = await readStored(pool, id, ranges)
  return children.map((hashes, i) => {
    const { from, to } = ranges[i]!
    if (hashes.length !== to - from)
      throw new Error(`hashes of ${id.log}/${id.netuid} are missing below ${from}…${to}`)
    return rootOfComplete(hashes)
  })
}

/** What is stored of each range, in order; less where a log ends before. */
export async function readStored(
  pool: Pick<ClientBase, 'query'>,
  { log, netuid }: LogId,
  ranges: readonly StoredRange[],
): Promise<HexHash[][]> {
  const { rows } = await pool.query<{ n: number; hash: HexHash }>({
    name: 'stored_hashes',
    text: SELECT_STORED,
    values: [
      log,
      netuid,
      ranges.map((range) => range.tileLevel),
      ranges.map((range) => range.from),
      ranges.map((range) => range.to),
    ],
  })
  const children: HexHash[][] = ranges.map(() => [])
  for (const { n, hash } of rows) children[n - 1]!.push(hash)
  return children
}

function rootOfComplete(hashes: readonly HexHash[]): HexHash {
  let level = hashes
  while (level.length > 1) {
    const above: HexHash[] = []
    for (let i = 0; i < level.length; i += 2) above.push(hashNode(level[i]!, level[i + 1]!))
    level = above
  }
  return level[0]!
}
