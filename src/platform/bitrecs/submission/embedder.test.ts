import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../../log/seeded-random'
import { DIMENSIONS, localEmbedder } from './embedder'
import { unitVector } from './vector-text'

const SEED = 5
const TEXTS = 300
const SPACES = [' ', '\n', '\t', '\u00a0', '\u2003', '\u3000', '\ufeff', '\r\n', '  ']
const LETTERS = ['a', 'b', 'Z', '0', '-', 'ä', '字', '\u{1f600}', '\u200b', '\ud800']

/** As the model is defined: FNV-1a over the words, each ended by 0x1f, mixed after each. */
function naive(text: string): Float32Array {
  const vector = new Array<number>(DIMENSIONS).fill(0)
  const words = text.split(/\s+/).filter(Boolean)
  for (let first = 0; first < words.length; first++) {
    let hash = 0x811c9dc5
    for (const word of words.slice(first, first + 3)) {
      for (const unit of [...word.split('').map((c) => c.charCodeAt(0)), 0x1f]) {
        hash = Math.imul(hash ^ unit, 0x01000193)
      }
      hash = (hash ^ (hash >>> 15)) >>> 0
      vector[(hash >>> 1) % DIMENSIONS]! += hash & 1 ? 1 : -1
    }
  }
  return unitVector(vector.map((v) => Math.sign(v) * Math.sqrt(Math.abs(v))))
}

describe('the local embedder', () => {
  it(`gives the vector that the definition gives, whatever the text (seed ${SEED})`, async () => {
    const random = randomFrom(SEED)
    const pick = <T>(from: readonly T[]) => from[random(from.length)]!
    for (let n = 0; n < TEXTS; n++) {
      const word = () => Array.from({ length: random(6) }, () => pick(LETTERS)).join('')
      const text = Array.from({ length: random(40) }, () => word() + pick(SPACES)).join('') + word()
      expect(await localEmbedder.embed(text)).toEqual(naive(text))
    }
  })

  it('places a text at length 1, and a text without words at 0', async () => {
    const length = (v: Float32Array) => Math.hypot(...v)
    expect(length(await localEmbedder.embed('choose what goes with it'))).toBeCloseTo(1, 6)
    expect(length(await localEmbedder.embed(' \n'))).toBe(0)
  })
})
