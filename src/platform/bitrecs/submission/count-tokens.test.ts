import { getEncoding } from 'js-tiktoken'
import { describe, expect, it } from 'vitest'
import { countTokens, exceedsTokens } from './count-tokens'

const SEED = 20_261_121

/** Linear congruential: the same texts for the same seed. */
function* numbers(seed: number): Generator<number> {
  for (let n = seed; ; ) {
    n = (Math.imul(n, 1_664_525) + 1_013_904_223) >>> 0
    yield n / 2 ** 32
  }
}

describe('tokens of o200k_base', () => {
  it(`counts like the published encoder on random texts (seed ${SEED})`, () => {
    const reference = getEncoding('o200k_base')
    const random = numbers(SEED)
    const next = () => random.next().value as number
    const alphabet = [..."aAbBcCtTsSüß漢字カナ🙂019 \n\t\r{}.,'-_/"]
    const words = [
      'recommend',
      ' product',
      '{{ sku }}',
      "don't",
      ' 12345',
      'Straße',
      '  \n\n',
      'aaaaaaaaaaaa',
    ]
    for (let round = 0; round < 400; round++) {
      const length = Math.floor(next() * 60)
      const parts = Array.from({ length }, () =>
        next() < 0.3
          ? words[Math.floor(next() * words.length)]!
          : alphabet[Math.floor(next() * alphabet.length)]!,
      )
      const text = parts.join('')
      expect([text, countTokens(text)]).toEqual([text, reference.encode(text, [], []).length])
    }
  })

  it('decides at the limit, and one word of any length does not hold it up', () => {
    expect(exceedsTokens('hello '.repeat(100), 101)).toBe(false)
    expect(exceedsTokens(' hello'.repeat(5_000), 5_000)).toBe(false)
    expect(exceedsTokens(' hello'.repeat(5_001), 5_000)).toBe(true)
    expect(exceedsTokens('x'.repeat(131_072), 10_000)).toBe(true)
  })
})
