import { expect, it } from 'vitest'
import { decidePipeline } from './decide-vector'
import { BITRECS_PROFILES, type BitrecsProfile } from './policy'
import { decideNaively } from './test-naive'
import { randomVector, seededRandom } from './test-random-vector'

const CASES_PER_PROFILE: Record<BitrecsProfile, number> = {
  eps_narrow: 30_000,
  eps_wide: 25_000,
  'bitrecs/1': 15_000,
  'bitrecs/2': 15_000,
  'subledger/1': 15_000,
}

const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? 20_261_120)

for (const [profile, cases] of Object.entries(CASES_PER_PROFILE) as [BitrecsProfile, number][]) {
  it(`agrees with the naive implementation on ${cases} random cases under ${profile} (seed ${seed})`, {
    timeout: 300_000,
  }, () => {
    const random = seededRandom(seed)
    for (let i = 0; i < cases; i++) {
      const vector = randomVector(random, i % 10 === 0 ? 20 : 6, i % 10 === 0 ? 6 : 4)
      const policy = BITRECS_PROFILES[profile]
      const actual = JSON.stringify(decidePipeline(vector, policy))
      const expected = JSON.stringify(decideNaively(vector, policy))
      if (actual === expected) continue
      expect(JSON.parse(actual), `seed ${seed}, case ${i}: ${JSON.stringify(vector)}`).toEqual(
        JSON.parse(expected),
      )
    }
    expect(cases).toBeGreaterThan(0)
  })
}
