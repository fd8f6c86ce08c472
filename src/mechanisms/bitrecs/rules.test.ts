import { describe, expect, it } from 'vitest'
import { emitU16, roundHalfEven } from '../emit-u16'
import { policyAt } from '../policy-history'
import { chooseFirstBlock } from './aggregate'
import { decide } from './decide'
import { float32Std } from './float32-std'
import { geometricMean } from './geometric-mean'
import { BITRECS_PROFILES } from './policy'
import { seededRandom } from './test-random-vector'
import { viewOfScores } from './test-view'

const policy = BITRECS_PROFILES.eps_narrow

describe('policy history', () => {
  const history = [
    { ...policy, id: 'first', effectiveFromBlock: 100 },
    { ...policy, id: 'third', effectiveFromBlock: 300 },
    { ...policy, id: 'second', effectiveFromBlock: 200 },
    { ...policy, id: 'second, corrected', effectiveFromBlock: 200 },
  ]

  it.each([
    [99, undefined],
    [100, 'first'],
    [199, 'first'],
    [200, 'second, corrected'],
    [300, 'third'],
  ])('holds at block %i: %s', (block, id) => {
    expect(policyAt(history, block)?.id).toBe(id)
  })
})

describe('geometric mean', () => {
  it('is the exact root of exact powers where the reciprocal of the count is exact', () => {
    for (const base of [0.5, 0.25, 0.75, 3, 1.5]) {
      for (const count of [1, 2, 4, 8, 16]) expect(geometricMean(base ** count, count)).toBe(base)
    }
  })

  it('is never further from Math.pow than two units in the last place', () => {
    const random = seededRandom(7)
    for (let i = 0; i < 20_000; i++) {
      const product = random() ** (1 + (i % 40))
      const count = 2 + (i % 15)
      const mean = geometricMean(product, count)
      expect(Math.abs(mean - product ** (1 / count)), `${product} ${count}`).toBeLessThanOrEqual(
        mean * 2 ** -51,
      )
    }
  })

  it('keeps subnormal, huge, zero and infinite products', () => {
    expect(geometricMean(5e-324, 7)).toBe(6.507254735509583e-47)
    expect(geometricMean(1e300, 5)).toBe(1.0000000000000076e60)
    expect(geometricMean(0, 3)).toBe(0)
    expect(geometricMean(Number.POSITIVE_INFINITY, 3)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('float32 standard deviation', () => {
  it('rounds each step to float32, in blocks of 128 values', () => {
    const random = seededRandom(3)
    for (const count of [1, 7, 8, 9, 127, 128, 129, 256, 1000]) {
      const values = Float32Array.from({ length: count }, random)
      const mean = values.reduce((a, b) => a + b, 0) / count
      const exact = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count)
      expect(Math.abs(float32Std(values) - exact)).toBeLessThan(1e-6)
      expect(Math.fround(float32Std(values))).toBe(float32Std(values))
    }
  })
})

describe('u16 emission', () => {
  it('rounds halves to the even neighbour', () => {
    expect([0.5, 1.5, 2.5, 2.4999, 2.5001].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3])
  })

  it('drops what rounds to zero and emits nothing for no weight at all', () => {
    expect(emitU16([0, 1, 2], [1, 0, 1e-6])).toEqual({ uids: [0], values: [65535] })
    expect(emitU16([0, 1], [0, 0])).toEqual({ uids: [], values: [] })
  })
})

describe('decisions', () => {
  const view = viewOfScores([['hk', 3, 100, { a: 0.5 }]])

  it('burns everything, scores or not, when the portion is zero and weights are to be set', () => {
    const zero = { ...policy, emissionPortion: 0 }
    expect(decide(view, zero)).toMatchObject({
      outcome: 'burn_only',
      burn: 1,
      u16: { uids: [0], values: [65535] },
    })
    expect(decide({ ...view, setWeights: false }, zero)).toMatchObject({ outcome: 'weights', burn: 1 })
  })

  it('sets nothing when the split is not a split', () => {
    expect(decide(view, { ...policy, emissionPortion: 1.5 }).outcome).toBe(
      'error_invalid_weights_no_weights_set',
    )
  })

  it('counts age from the commit when the policy says so', () => {
    expect(chooseFirstBlock({ reveal: 20, commit: 10 }, policy)).toBe(20)
    expect(chooseFirstBlock({ reveal: 20, commit: 10 }, { ...policy, firstBlockRule: 'commit' })).toBe(10)
    expect(chooseFirstBlock({ commit: 10 }, policy)).toBeUndefined()
  })

  it('shares of a decision sum to one', () => {
    const decision = decide({ ...view, height: 200_000 }, policy)
    expect(decision.burn + decision.weights.reduce((sum, weight) => sum + weight.share, 0)).toBe(1)
  })

  it('refuses more tasks than it can enumerate', () => {
    const scores = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`t${i}`, 0.5]))
    expect(() => decide(viewOfScores([['hk', 1, 1, scores]]), policy)).toThrow(/17 tasks/)
  })
})
