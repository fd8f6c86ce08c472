import { type HexHash, hashNode } from './hash'

const half = (n: number) => Math.floor(n / 2)
const isOdd = (n: number) => n % 2 === 1

/** RFC 9162 §2.1.3.2: true when the proof leads from this leaf, at this index, to this root of `size` leaves. */
export function verifyInclusion(
  leaf: HexHash,
  index: number,
  size: number,
  proof: readonly HexHash[],
  root: HexHash,
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !proof.every(isHash) || !isHash(leaf))
    return false
  let fn = index
  let sn = size - 1
  let hash = leaf
  for (const sibling of proof) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      hash = hashNode(sibling, hash)
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else {
      hash = hashNode(hash, sibling)
    }
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && hash === root
}

/** RFC 9162 §2.1.4.2: true when the tree of `older` leaves is shown to be a prefix of the tree of `newer`. */
export function verifyConsistency(
  older: number,
  newer: number,
  olderRoot: HexHash,
  newerRoot: HexHash,
  proof: readonly HexHash[],
): boolean {
  if (!isCount(older) || !isCount(newer) || older > newer || !proof.every(isHash)) return false
  if (older === newer) return proof.length === 0 && olderRoot === newerRoot
  // Nothing is a prefix of everything.
  if (older === 0) return proof.length === 0
  const path = isPowerOfTwo(older) ? [olderRoot, ...proof] : [...proof]
  const first = path.shift()
  if (!first) return false
  let fn = older - 1
  let sn = newer - 1
  while (isOdd(fn)) {
    fn = half(fn)
    sn = half(sn)
  }
  let fr = first
  let sr = first
  for (const node of path) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      fr = hashNode(node, fr)
      sr = hashNode(node, sr)
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else {
      sr = hashNode(sr, node)
    }
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && fr === olderRoot && sr === newerRoot
}

const isCount = (n: number) => Number.isSafeInteger(n) && n >= 0
const isHash = (text: HexHash) => /^[0-9a-f]{64}$/.test(text)

function isPowerOfTwo(n: number): boolean {
  let rest = n
  while (rest % 2 === 0 && rest > 0) rest /= 2
  return rest === 1
}
