import { HASH_BYTES, keccakInto } from './keccak'
import type { LeafScheme } from './leaf-schemes'

/** A Merkle tree over 32-byte leaves with sorted pairs: parent = keccak(min ‖ max). All nodes lie in flat arrays. */
export interface MerkleTree {
  readonly leafCount: number
  readonly root: Uint8Array
  /** Bottom up, for the layouts that have layers; the heap layout gives one array, root first. */
  readonly layers: readonly Uint8Array[]
  /** Siblings of a leaf, bottom up, by its place in the claim list. */
  readonly proof: (index: number) => Uint8Array[]
  /** Flat position of each sibling as [layer, node]; used to share hex strings between proofs. */
  readonly path: (index: number) => [number, number][]
}

/** Builds the tree of a layout. An odd last node is promoted unchanged, except in the heap, which is complete. */
export function buildTree(leaves: Uint8Array, layout: LeafScheme['layout']): MerkleTree {
  const leafCount = leaves.length / HASH_BYTES
  if (layout === 'heap') return heapTree(leaves, leafCount)
  if (layout === 'list') return layeredTree(leaves, leafCount, (index) => index)
  const order = sortedOrder(leaves, leafCount)
  const unique = dropRepeats(leaves, order)
  const place = new Uint32Array(leafCount)
  for (const [at, index] of order.entries()) place[index] = unique.place[at]!
  return layeredTree(unique.leaves, leafCount, (index) => place[index]!)
}

function layeredTree(bottom: Uint8Array, leafCount: number, placeOf: (index: number) => number): MerkleTree {
  const layers = [bottom]
  for (let layer = bottom; layer.length > HASH_BYTES; ) {
    const count = layer.length / HASH_BYTES
    const parents = new Uint8Array(Math.ceil(count / 2) * HASH_BYTES)
    for (let i = 0; i + 1 < count; i += 2) hashPair(layer, i, layer, i + 1, parents, i >> 1)
    if (count % 2 === 1) parents.set(layer.subarray((count - 1) * HASH_BYTES), parents.length - HASH_BYTES)
    layers.push(parents)
    layer = parents
  }
  const path = (index: number) => {
    const steps: [number, number][] = []
    let node = placeOf(index)
    for (let depth = 0; depth < layers.length - 1; depth++) {
      const sibling = node ^ 1
      if (sibling * HASH_BYTES < layers[depth]!.length) steps.push([depth, sibling])
      node >>= 1
    }
    return steps
  }
  return { leafCount, root: layers.at(-1)!, layers, path, proof: proofFrom(layers, path) }
}

/** Node i has children 2i+1 and 2i+2; the leaves lie at the end, in descending hash order from the left. */
function heapTree(leaves: Uint8Array, leafCount: number): MerkleTree {
  const size = Math.max(0, 2 * leafCount - 1)
  const nodes = new Uint8Array(size * HASH_BYTES)
  const place = new Uint32Array(leafCount)
  for (const [rank, index] of sortedOrder(leaves, leafCount).entries()) {
    place[index] = size - 1 - rank
    nodes.set(node(leaves, index), place[index]! * HASH_BYTES)
  }
  for (let i = leafCount - 2; i >= 0; i--) hashPair(nodes, 2 * i + 1, nodes, 2 * i + 2, nodes, i)
  const layers = [nodes]
  const path = (index: number) => {
    const steps: [number, number][] = []
    for (let at = place[index]!; at > 0; at = (at - 1) >> 1) steps.push([0, at % 2 === 1 ? at + 1 : at - 1])
    return steps
  }
  return { leafCount, root: nodes.subarray(0, HASH_BYTES), layers, path, proof: proofFrom(layers, path) }
}

function proofFrom(layers: readonly Uint8Array[], path: (index: number) => [number, number][]) {
  return (index: number) => path(index).map(([layer, at]) => node(layers[layer]!, at))
}

function node(layer: Uint8Array, index: number): Uint8Array {
  return layer.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)
}

/** Indices of leaves by ascending hash. Compared by the first 48 bits, then by the rest. */
function sortedOrder(leaves: Uint8Array, count: number): Uint32Array {
  const view = new DataView(leaves.buffer, leaves.byteOffset, leaves.byteLength)
  const keys = new Float64Array(count)
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    keys[i] = view.getUint32(i * HASH_BYTES) * 2 ** 16 + view.getUint16(i * HASH_BYTES + 4)
    order[i] = i
  }
  return order.sort((a, b) => keys[a]! - keys[b]! || compareNodes(leaves, a, leaves, b) || a - b)
}

/** Sorted leaves without repeats, and for each rank its place among them. */
function dropRepeats(leaves: Uint8Array, order: Uint32Array): { leaves: Uint8Array; place: Uint32Array } {
  const place = new Uint32Array(order.length)
  const kept = new Uint8Array(leaves.length)
  let count = 0
  for (const [rank, index] of order.entries()) {
    const isRepeat = rank > 0 && compareNodes(leaves, index, leaves, order[rank - 1]!) === 0
    if (!isRepeat) kept.set(node(leaves, index), count++ * HASH_BYTES)
    place[rank] = count - 1
  }
  return { leaves: kept.subarray(0, count * HASH_BYTES), place }
}

const pair = new Uint8Array(2 * HASH_BYTES)

function hashPair(
  left: Uint8Array,
  a: number,
  right: Uint8Array,
  b: number,
  out: Uint8Array,
  at: number,
): void {
  const inOrder = compareNodes(left, a, right, b) <= 0
  copyNode(inOrder ? left : right, inOrder ? a : b, pair, 0)
  copyNode(inOrder ? right : left, inOrder ? b : a, pair, HASH_BYTES)
  keccakInto(pair, 0, pair.length, out, at * HASH_BYTES)
}

function copyNode(from: Uint8Array, index: number, to: Uint8Array, at: number): void {
  for (let i = 0, start = index * HASH_BYTES; i < HASH_BYTES; i++) to[at + i] = from[start + i]!
}

function compareNodes(left: Uint8Array, a: number, right: Uint8Array, b: number): number {
  for (let i = 0; i < HASH_BYTES; i++) {
    const difference = left[a * HASH_BYTES + i]! - right[b * HASH_BYTES + i]!
    if (difference !== 0) return difference
  }
  return 0
}

/** Folds siblings into a leaf; equal to the root for a valid proof. The leaf must have been built from typed fields. */
export function foldProof(leaf: Uint8Array, proof: readonly Uint8Array[]): Uint8Array {
  const current = leaf.slice()
  for (const sibling of proof) hashPair(current, 0, sibling, 0, current, 0)
  return current
}
