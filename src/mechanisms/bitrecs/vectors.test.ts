import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { decidePipeline } from './decide-vector'
import { BITRECS_PROFILES } from './policy'
import { VECTOR_GROUPS } from './vector-groups'

const shared = process.env.SUBLEDGER_SHARED ?? path.resolve(__dirname, '../../../../shared')
const file = path.join(shared, 'vectors/bitrecs.json')
const present = existsSync(file)
// biome-ignore lint/suspicious/noExplicitAny: vectors are data of many shapes
const vectors: Record<string, any[]> = present ? JSON.parse(readFileSync(file, 'utf8')) : {}
const PROFILES = ['eps_wide', 'eps_narrow'] as const
const EPSILON_TOLERANCE = 1e-6
const REAL_TOLERANCE = 1e-9

/** Integers, strings and structure exactly; reals within the tolerance of the vectors. */
function expectClose(actual: unknown, expected: unknown, where: string): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const tolerance = /epsilon/.test(where)
      ? EPSILON_TOLERANCE
      : Number.isInteger(expected) && /u16|uid|block/.test(where)
        ? 0
        : REAL_TOLERANCE
    expect(Math.abs(actual - expected), `${where}: ${actual} for ${expected}`).toBeLessThanOrEqual(tolerance)
    return
  }
  if (expected === null || typeof expected !== 'object') {
    expect(actual, where).toEqual(expected)
    return
  }
  expect(Object.keys(actual as object).sort(), where).toEqual(Object.keys(expected).sort())
  for (const [key, value] of Object.entries(expected)) {
    expectClose((actual as Record<string, unknown>)[key], value, `${where}.${key}`)
  }
}

describe.skipIf(!present)(`vectors of ../shared/vectors/bitrecs.json${present ? '' : ' (absent)'}`, () => {
  describe('pipeline', () => {
    for (const vector of vectors.pipeline ?? []) {
      for (const profile of PROFILES) {
        it(`${vector.id} under ${profile}`, () => {
          const expected = vector.expected[profile] ?? vector.expected
          expectClose(decidePipeline(vector, BITRECS_PROFILES[profile]), expected, vector.id)
        })
      }
    }
  })

  it.each(vectors.epsilon ?? [])('epsilon $id', (vector) => {
    for (const profile of PROFILES) {
      const actual = VECTOR_GROUPS.epsilon(vector, BITRECS_PROFILES[profile])
      expectClose(actual, vector.expected[profile], 'epsilon')
    }
  })

  it.each(vectors.subset_winner ?? [])('subset winner $id', (vector) => {
    expect(VECTOR_GROUPS.subset_winner(vector, BITRECS_PROFILES.eps_narrow)).toEqual(vector.expected)
  })

  it.each(vectors.softmax ?? [])('softmax $id', (vector) => {
    expectClose(VECTOR_GROUPS.softmax(vector), vector.expected, 'softmax')
  })

  const plainGroups = ['dominance', 'threshold', 'decay', 'final_weights', 'subset_totals'] as const
  for (const group of plainGroups) {
    it(`${group}: ${vectors[group]?.length} cases`, () => {
      expect(vectors[group]!.length).toBeGreaterThan(0)
      for (const vector of vectors[group]!) {
        const actual = VECTOR_GROUPS[group](vector, BITRECS_PROFILES.eps_narrow)
        const keys = typeof actual === 'object' ? Object.keys(actual) : []
        const expected = vector.expected ?? Object.fromEntries(keys.map((key) => [key, vector[key]]))
        expectClose(actual, expected, `${group} ${JSON.stringify(vector)}`)
      }
    })
  }
})
