import { describe, expect, it } from 'vitest'
import { cosine, EmbeddingIndex } from './embedding-index'
import { decodeVector, encodeVector, unitVector } from './vector-text'

const SEED = 7
const DIMENSIONS = 64
const VECTORS = 600

function randoms(seed: number): () => number {
  let n = seed
  return () => {
    n = (Math.imul(n, 1_664_525) + 1_013_904_223) >>> 0
    return n / 2 ** 32 - 0.5
  }
}

describe('the search for near artifacts', () => {
  it(`finds exactly what comparing with every vector finds (seed ${SEED})`, () => {
    const next = randoms(SEED)
    const index = new EmbeddingIndex()
    const all: [string, Float32Array][] = []
    for (let n = 0; n < VECTORS; n++) {
      // Every third one lies close to the one before, at distances around the threshold.
      const near = n % 3 === 1 ? all.at(-1)![1] : undefined
      const noise = 0.003 * (n / VECTORS)
      const values = Array.from({ length: DIMENSIONS }, (_, i) =>
        near ? near[i]! + noise * next() * 2 : next(),
      )
      const vector = unitVector(values)
      index.add('m', `a${n}`, vector)
      all.push([`a${n}`, vector])
    }
    let pairs = 0
    for (const threshold of [0, 1e-7, 1e-5, 0.0001, 0.3]) {
      for (const [, vector] of all) {
        const naive = all
          .map(([agentId, other]) => ({ agentId, distance: 1 - cosine(vector, other) }))
          .filter(({ distance }) => distance <= threshold)
          .sort((a, b) => a.distance - b.distance)
        const found = index.near('m', vector, threshold, VECTORS)
        expect(found).toEqual(naive)
        pairs += found.length
      }
    }
    expect(pairs).toBeGreaterThan(VECTORS)
    expect(index.near('other model', all[0]![1], 2, 5)).toEqual([])
    expect(index.near('m', all[0]![1], 2, 5)).toHaveLength(5)
  })

  it('is the same after a vector went through the log', () => {
    const vector = unitVector([0.1, -2, 3.5, 1e-9])
    expect(decodeVector(encodeVector(vector))).toEqual(vector)
    expect(encodeVector(new Float32Array([1, 0]))).toBe('AACAPwAAAAA=')
  })
})
