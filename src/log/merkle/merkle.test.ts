import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Frontier, type Tile } from './frontier'
import { EMPTY_ROOT, type HexHash, hashLeaf, hashNode } from './hash'
import { consistencyNodes, inclusionNodes, joinSubtrees, type ProofNode } from './proof'
import { verifyConsistency, verifyInclusion } from './verify'

/** The definition of RFC 6962 §2.1, word for word: the independent second implementation. */
function naiveRoot(leaves: readonly HexHash[]): HexHash {
  if (leaves.length === 0) return createHash('sha256').digest('hex')
  if (leaves.length === 1) return leaves[0]!
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  const joined = `01${naiveRoot(leaves.slice(0, split))}${naiveRoot(leaves.slice(split))}`
  return createHash('sha256').update(Buffer.from(joined, 'hex')).digest('hex')
}

const leavesOf = (size: number) => Array.from({ length: size }, (_, i) => hashLeaf(`leaf ${i}`))
const resolve = (leaves: readonly HexHash[], nodes: readonly ProofNode[]) =>
  nodes.map((node) =>
    joinSubtrees(
      node.map(({ level, index }) => naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))),
    ),
  )
const flipBit = (hash: HexHash, bit: number) => {
  const bytes = Buffer.from(hash, 'hex')
  bytes[bit >> 3]! ^= 1 << (bit & 7)
  return bytes.toString('hex')
}
const SIZE_MAX = 700
const leaves = leavesOf(SIZE_MAX)
const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Date.now() % 2 ** 31)
const options = { seed, numRuns: 200 }

describe(`the Merkle tree (seed ${seed})`, () => {
  it('hashes the empty tree and one leaf as RFC 6962 does', () => {
    expect(EMPTY_ROOT).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(hashLeaf('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d')
  })

  it('streams to the same root as the recursive definition, at every size', () => {
    const frontier = new Frontier()
    for (let size = 0; size <= 300; size++) {
      expect(frontier.root()).toEqual(naiveRoot(leaves.slice(0, size)))
      frontier.push(leaves[size]!, () => {})
    }
  })

  it('continues from a packed frontier of any size and completes the same tiles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SIZE_MAX - 1 }), (stop) => {
        const straight: Tile[] = []
        const broken: Tile[] = []
        const one = new Frontier()
        let two = new Frontier()
        leaves.forEach((leaf, i) => {
          one.push(leaf, (tile) => straight.push(tile))
          if (i === stop) two = Frontier.unpack(two.size, two.pack())
          two.push(leaf, (tile) => broken.push(tile))
        })
        expect(two.root()).toEqual(one.root())
        expect(broken).toEqual(straight)
        expect(straight.map((t) => t.hash)).toEqual(
          [0, 1].map((i) => naiveRoot(leaves.slice(i * 256, i * 256 + 256))),
        )
      }),
      { ...options, numRuns: 25 },
    )
  })

  it('proves every leaf of every size, and refuses any single changed bit', () => {
    const pair = fc
      .integer({ min: 1, max: SIZE_MAX })
      .chain((size) =>
        fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 0, max: 255 })),
      )
    fc.assert(
      fc.property(pair, ([size, index, bit]) => {
        const root = naiveRoot(leaves.slice(0, size))
        const leaf = leaves[index]!
        const proof = resolve(leaves, inclusionNodes(index, size))
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true)
        expect(verifyInclusion(flipBit(leaf, bit), index, size, proof, root)).toBe(false)
        expect(verifyInclusion(leaf, index, size, proof, flipBit(root, bit))).toBe(false)
        for (let i = 0; i < 12; i++) {
          expect(verifyInclusion(leaf, index ^ (1 << i), size, proof, root)).toBe(false)
        }
        proof.forEach((sibling, i) => {
          expect(verifyInclusion(leaf, index, size, proof.with(i, flipBit(sibling, bit)), root)).toBe(false)
        })
        expect(verifyInclusion(leaf, index, size, proof.slice(1), root)).toBe(proof.length === 0)
        expect(verifyInclusion(leaf, index, size, [...proof, leaf], root)).toBe(false)
      }),
      options,
    )
  })

  it('proves that a tree is a prefix of a later one, and refuses any single changed bit', () => {
    const pair = fc
      .tuple(fc.integer({ min: 1, max: SIZE_MAX }), fc.integer({ min: 1, max: SIZE_MAX }), fc.nat(255))
      .map(([a, b, bit]) => [Math.min(a, b), Math.max(a, b), bit] as const)
    fc.assert(
      fc.property(pair, ([older, newer, bit]) => {
        const before = naiveRoot(leaves.slice(0, older))
        const after = naiveRoot(leaves.slice(0, newer))
        const proof = resolve(leaves, consistencyNodes(older, newer))
        expect(verifyConsistency(older, newer, before, after, proof)).toBe(true)
        expect(verifyConsistency(older, newer, flipBit(before, bit), after, proof)).toBe(false)
        expect(verifyConsistency(older, newer, before, flipBit(after, bit), proof)).toBe(false)
        proof.forEach((node, i) => {
          expect(verifyConsistency(older, newer, before, after, proof.with(i, flipBit(node, bit)))).toBe(
            false,
          )
        })
        expect(verifyConsistency(older, newer, before, after, [...proof, before])).toBe(false)
      }),
      options,
    )
  })

  it('never confuses a leaf with an inner node', () => {
    const [left, right] = [leaves[0]!, leaves[1]!]
    const inner = hashNode(left, right)
    expect(verifyInclusion(inner, 0, 1, [], naiveRoot([left, right]))).toBe(true)
    expect(hashLeaf(Buffer.from(left + right, 'hex').toString('latin1'))).not.toEqual(inner)
  })
})
