import { createRequire } from 'node:module'
import type { TiktokenBPE } from 'js-tiktoken/lite'

/** Pieces of text and the rank of each token, as the encoding o200k_base defines them. */
interface Encoding {
  readonly pieces: RegExp
  /** By the token's bytes as Latin-1. */
  readonly ranks: ReadonlyMap<string, number>
}

let loaded: Encoding | undefined

/** Takes half a second and some 30 MB: only for a text long enough to be counted. */
function encoding(): Encoding {
  if (loaded) return loaded
  const source = createRequire(__filename)('js-tiktoken/ranks/o200k_base') as TiktokenBPE & {
    readonly default?: TiktokenBPE
  }
  const { pat_str, bpe_ranks } = source.default ?? source
  const ranks = new Map<string, number>()
  for (const line of bpe_ranks.split('\n')) {
    const [, offset, ...tokens] = line.split(' ')
    for (const [i, token] of tokens.entries()) {
      ranks.set(Buffer.from(token, 'base64').toString('latin1'), Number(offset) + i)
    }
  }
  loaded = { pieces: new RegExp(pat_str, 'gu'), ranks }
  return loaded
}

/**
 * Whether a text has more than `maxTokens` tokens of o200k_base. No token is shorter than a byte, so a short text is never
 * encoded. Merging goes by a queue: a library that looks for the next merge by hand takes minutes for one long word.
 */
export function exceedsTokens(text: string, maxTokens: number): boolean {
  return Buffer.byteLength(text, 'utf8') > maxTokens && countTokens(text, maxTokens) > maxTokens
}

/** Stops counting above `enough`. */
export function countTokens(text: string, enough = Number.POSITIVE_INFINITY): number {
  const { pieces, ranks } = encoding()
  let count = 0
  for (const [piece] of text.matchAll(pieces)) {
    count += tokensOfPiece(Buffer.from(piece, 'utf8').toString('latin1'), ranks)
    if (count > enough) return count
  }
  return count
}

/** A pair of neighbours that may become one token. */
interface Merge {
  readonly rank: number
  readonly left: number
  /** Where the right part ends; another end means that the pair is no longer there. */
  readonly end: number
}

function tokensOfPiece(bytes: string, ranks: Encoding['ranks']): number {
  if (bytes.length === 1 || ranks.has(bytes)) return 1
  const n = bytes.length
  // Parts as a list linked by their starts; a part that was merged into its left neighbour ends at -1.
  const end = Int32Array.from({ length: n }, (_, i) => i + 1)
  const before = Int32Array.from({ length: n }, (_, i) => i - 1)
  const queue: Merge[] = []
  const offer = (left: number) => {
    const middle = end[left]!
    if (middle >= n) return
    const rank = ranks.get(bytes.slice(left, end[middle]!))
    if (rank !== undefined) push(queue, { rank, left, end: end[middle]! })
  }
  for (let i = 0; i < n - 1; i++) offer(i)
  let parts = n
  for (let merge = pop(queue); merge; merge = pop(queue)) {
    const { left } = merge
    const middle = end[left]!
    if (middle < 0 || middle >= n || end[middle] !== merge.end) continue
    end[left] = merge.end
    end[middle] = -1
    if (merge.end < n) before[merge.end] = left
    parts -= 1
    offer(left)
    if (before[left]! >= 0) offer(before[left]!)
  }
  return parts
}

/** The lowest rank goes first, of equal ones the leftmost. */
const precedes = (a: Merge, b: Merge) => a.rank < b.rank || (a.rank === b.rank && a.left < b.left)

function push(heap: Merge[], merge: Merge): void {
  let i = heap.push(merge) - 1
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (!precedes(merge, heap[parent]!)) break
    heap[i] = heap[parent]!
    i = parent
  }
  heap[i] = merge
}

function pop(heap: Merge[]): Merge | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return top
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && precedes(heap[child + 1]!, heap[child]!)) child += 1
    if (!precedes(heap[child]!, last)) break
    heap[i] = heap[child]!
    i = child
  }
  heap[i] = last
  return top
}
