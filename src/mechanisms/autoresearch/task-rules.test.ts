import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type AcceptedResult, bestOf, compareResults } from './best-result'
import { explainBest } from './explain'
import { heldoutOffset } from './heldout-rows'
import { judgeReplay } from './metric-extraction'
import { medianMetrics } from './observed-metrics'
import { SN94_POLICY } from './policy'
import { comparatorFor } from './task-comparator'
import { parseWeightPolicy } from './weight-policy'

const { comparator, enforcement } = SN94_POLICY
const at = (submissionId: string, metric: number, rest: Partial<AcceptedResult> = {}): AcceptedResult => ({
  submissionId,
  hotkey: submissionId,
  metric,
  ...rest,
})

describe('the comparison of a Pareto task', () => {
  const compare = (a: AcceptedResult, b: AcceptedResult, second: 'minimize' | 'maximize') =>
    compareResults(a, b, 'minimize', comparator, second)

  it('asks the second metric inside the band, before the size of the artifact', () => {
    const slow = at('a', 8, { secondary: 1, artifact_bytes: 1 })
    const fast = at('b', 8.05, { secondary: 2, artifact_bytes: 9 })
    expect(compare(slow, fast, 'maximize')).toMatchObject({ wins: true, cause: 'secondary' })
    expect(compare(slow, fast, 'minimize')).toMatchObject({ wins: false, cause: 'secondary' })
  })

  it('does not let it win beyond the band, and goes on when it is equal or unknown', () => {
    const one = at('a', 8, { secondary: 1, artifact_bytes: 9 })
    expect(compare(one, at('b', 9, { secondary: 99 }), 'maximize')).toMatchObject({ cause: 'worse' })
    for (const secondary of [{ secondary: 1 }, {}])
      expect(compare(one, at('b', 8, { ...secondary, artifact_bytes: 1 }), 'maximize')).toMatchObject({
        wins: true,
        cause: 'artifact_bytes',
      })
  })

  it('is the one that its explanation is made of', () => {
    const results = [at('a', 8, { secondary: 1 }), at('b', 8, { secondary: 2 })]
    expect(bestOf(results, 'minimize', comparator, 'maximize').best!.submissionId).toBe('b')
    const directions = { primary: 'minimize', secondary: 'maximize' } as const
    expect(explainBest(results, 'a', 'minimize', comparator, directions)).toMatchObject({
      isBest: false,
      best: 'b',
      coveredBy: ['b'],
    })
  })
})

describe('the improvement that a task wants', () => {
  it('is the policy’s when the task says nothing', () => {
    expect(comparatorFor({ noiseUnit: null, noiseBand: null }, comparator)).toBe(comparator)
  })

  it('is the task’s own band in its own unit, and the version says so', () => {
    const own = comparatorFor({ noiseUnit: 'absolute', noiseBand: 0.5 }, comparator)
    expect(compareResults(at('a', -3), at('b', -3.4), 'minimize', own)).toMatchObject({
      wins: false,
      cause: 'no_tie_break',
      comparatorVersion: 'ln-band/1:absolute:0.5',
    })
    expect(compareResults(at('a', -3), at('b', -3.6), 'minimize', own)).toMatchObject({
      wins: true,
      cause: 'quality',
    })
  })
})

describe('metrics of a replay', () => {
  it('are all numbers of the result file, the needed ones by their own rule', () => {
    const result = {
      metric_name: 'ppl',
      metric_value: 7,
      metrics: { ppl: 9, runtime_seconds: 12.5, note: 'fine' },
      memory_bytes: 1_000,
      runtime_seconds: 99,
      nested: { deep: 1 },
    }
    expect(judgeReplay({ result, output: '', exitCode: 0 }, 'ppl')).toEqual({
      status: 'accepted',
      metrics: { ppl: 7, runtime_seconds: 12.5, memory_bytes: 1_000 },
    })
  })

  it('are no more than a platform takes, and the needed ones are never crowded out', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`m${n}`, n]))
    const result = { ...many, ['x'.repeat(201)]: 1, ppl: 7, speed: 2 }
    const judged = judgeReplay({ result, output: '', exitCode: 0 }, 'ppl', 'speed')
    if (judged.status !== 'accepted') throw new Error(judged.reason)
    expect(Object.keys(judged.metrics)).toHaveLength(256)
    expect(judged.metrics).toMatchObject({ ppl: 7, speed: 2 })
    expect(Object.keys(judged.metrics).some((name) => name.length > 200)).toBe(false)
  })

  it('of several observers are the median of each over those that state it', () => {
    expect(medianMetrics([{ ppl: 8, speed: 1 }, { ppl: 7 }, { ppl: 9, speed: 2 }])).toEqual({
      ppl: 8,
      speed: 1.5,
    })
    expect(medianMetrics([])).toEqual({})
  })
})

describe('held-out rows', () => {
  const slot = {
    dataset: 'wikitext',
    config: 'wikitext-103-raw-v1',
    split: 'test',
    offset: 0,
    limit: 128,
    slot: '2026-07',
    number: 3,
  }

  it('begin where the hash of the slot’s name says', () => {
    const digest = createHash('sha256').update('wikitext:wikitext-103-raw-v1:test:0:128:2026-07:3').digest()
    expect(heldoutOffset(slot, 4_358)).toBe(Number(digest.readBigUInt64BE(0) % BigInt(4_358 - 128 + 1)))
    expect(heldoutOffset(slot, 128)).toBe(0)
  })

  it('differ from number to number, and have to fit', () => {
    const places = new Set(Array.from({ length: 20 }, (_, number) => heldoutOffset({ ...slot, number }, 1e6)))
    expect(places.size).toBe(20)
    expect(() => heldoutOffset(slot, 127)).toThrow(RangeError)
  })
})

describe('a weight policy', () => {
  it.each(['blocked', 'ready', undefined])('of a transition that is %s may be local', (transitionStatus) => {
    const policy = { mode: 'local', targets: [], ...(transitionStatus && { transitionStatus }) } as const
    expect(parseWeightPolicy(policy, enforcement)).toEqual({ kind: 'local' })
  })

  it('with a transition that nobody knows is no policy', () => {
    const policy = { mode: 'local', targets: [], transitionStatus: 'done' } as const
    expect(parseWeightPolicy(policy, enforcement)).toMatchObject({ kind: 'rejected' })
  })
})
