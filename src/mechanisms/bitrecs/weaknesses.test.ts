import { describe, expect, it } from 'vitest'
import { decide } from './decide'
import { BITRECS_PROFILES } from './policy'
import { viewOfScores } from './test-view'

const reference = BITRECS_PROFILES.eps_wide
const ours = BITRECS_PROFILES['subledger/1']
const winnerOf = (view: Parameters<typeof decide>[0], policy: typeof reference | typeof ours) =>
  decide(view, policy).weights[0]?.hotkey

/** Numbers are those of the published list of weaknesses (spec bitrecs §7); docs/mechanisms/bitrecs.md refers to these tests. */
describe('policy subledger/1 closes published weaknesses', () => {
  it('5: scores of an earlier holder of the uid do not merge with, or pay, the new holder', () => {
    const view = viewOfScores(
      [
        ['old', 9, 100, { a: 0.95, b: 0.95 }],
        ['stranger', 9, 900, { a: 0.3, b: 0.3 }],
        ['rival', 4, 500, { a: 0.6, b: 0.6 }],
      ],
      { holders: { 9: { hotkey: 'stranger' }, 4: { hotkey: 'rival' } } },
    )
    const onlyOld = { ...view, rows: view.rows.filter((row) => row.hotkey === 'old') }
    expect(winnerOf(onlyOld, reference)).toBe('stranger')
    expect(decide(onlyOld, ours)).toMatchObject({ outcome: 'burn_only', weights: [] })
    expect(winnerOf(view, ours)).toBe('rival')
    expect(decide(view, ours).evidence.excluded).toContainEqual({
      key: 'old@',
      reason: 'hotkey not registered',
    })
  })

  it('5: one hotkey that comes back under a new tenure starts again', () => {
    const view = viewOfScores([['hk', 9, 100, { a: 0.9 }]], {
      holders: { 3: { hotkey: 'hk', tenure: '7000' } },
    })
    const rows = view.rows.map((row) => ({ ...row, tenure: '100' }))
    expect(decide({ ...view, rows }, ours)).toMatchObject({ outcome: 'burn_only' })
    const fresh = view.rows.map((row) => ({ ...row, tenure: '7000' }))
    expect(decide({ ...view, rows: fresh }, ours).weights).toMatchObject([{ hotkey: 'hk', uid: 3 }])
  })

  it('16: adding weak miners does not widen ε and cannot take the best miner off the frontier', () => {
    const duel = viewOfScores(
      [
        ['leader', 1, 100, { a: 0.95, b: 0.65 }],
        ['other', 2, 200, { a: 0.6, b: 0.7 }],
      ],
      { samples: 40 },
    )
    const sybils = viewOfScores(
      Array.from({ length: 20 }, (_, i) => [`s${i}`, 10 + i, 300 + i, { a: 0.05, b: 0.05 }] as const),
      { samples: 40 },
    )
    const both = {
      ...duel,
      rows: [...duel.rows, ...sybils.rows],
      firstBlocks: { ...duel.firstBlocks, ...sybils.firstBlocks },
    }
    const pairs = (view: typeof duel, policy: typeof ours | typeof reference) =>
      JSON.stringify(
        decide(view, policy).evidence.dominancePairs.filter((pair) =>
          pair.every((key) => !/^(s\d+@|[12]\d)/.test(key)),
        ),
      )
    expect(pairs(duel, reference)).toBe('[]')
    expect(pairs(both, reference)).toBe('[["1","2"]]')
    expect(pairs(both, ours)).toBe(pairs(duel, ours))
  })

  it('17: a pair of near-copies cannot push the senior out of the comparison', () => {
    const view = viewOfScores([
      ['senior', 1, 100, { a: 0.8, b: 0.8 }],
      ['copy', 2, 200, { a: 0.805, b: 0.805 }],
      ['copy2', 3, 300, { a: 0.805, b: 0.805 }],
    ])
    expect(winnerOf(view, reference)).toBe('copy')
    expect(winnerOf(view, ours)).toBe('senior')
  })

  it('17: equal points go to the older miner, not to the first name', () => {
    const view = viewOfScores([
      ['aaa', 7, 300, { a: 0 }],
      ['bbb', 2, 200, { a: 0 }],
    ])
    expect(winnerOf(view, reference)).toBe('aaa')
    expect(winnerOf(view, ours)).toBe('bbb')
  })

  it('18: points of dominated miners are not computed first and dropped afterwards', () => {
    const view = viewOfScores(
      [
        ['older', 1, 100, { a: 0.8 }],
        ['better', 2, 200, { a: 0.815 }],
      ],
      { samples: 5000 },
    )
    const points = (policy: typeof ours | typeof reference) =>
      decide(view, policy).evidence.miners.map((miner) => miner.points)
    expect(decide(view, reference).evidence.dominancePairs).toEqual([['2', '1']])
    expect(points(reference)).toEqual([0, 1])
    expect(points(ours)).toEqual([1, 0])
  })

  it('19: an incomplete set is not counted as zeros while runs are still arriving', () => {
    const view = viewOfScores([
      ['complete', 1, 100, { a: 0.5, b: 0.5 }],
      ['arriving', 2, 200, { a: 0.9 }],
    ])
    expect(decide(view, reference).evidence.miners).toHaveLength(2)
    const decision = decide(view, ours)
    expect(decision.evidence.miners.map((miner) => miner.hotkey)).toEqual(['complete'])
    expect(decision.evidence.excluded).toEqual([{ key: 'arriving@', reason: 'incomplete: b' }])
  })

  it('19: a task of the set that nobody has run yet makes everyone incomplete', () => {
    const view = viewOfScores([['hk', 1, 100, { a: 0.5 }]], { tasks: ['a', 'b'] })
    expect(decide(view, ours)).toMatchObject({ outcome: 'burn_only' })
    expect(decide(view, reference)).toMatchObject({ outcome: 'weights' })
  })

  it('20: NaN, an unknown first block and no data burn instead of leaving old weights in place', () => {
    const nan = viewOfScores([
      ['good', 1, 100, { a: 0.9 }],
      ['broken', 2, 200, { a: Number.NaN }],
    ])
    expect(decide(nan, reference).evidence.epsilons).toEqual([Number.NaN])
    expect(decide(nan, ours).evidence.excluded).toContainEqual({
      key: 'broken@',
      reason: 'score out of range: a = NaN',
    })
    expect(winnerOf(nan, ours)).toBe('good')
    const unknown = viewOfScores([['hk', 1, undefined, { a: 0.9 }]])
    expect(decide(unknown, reference)).toMatchObject({
      outcome: 'no_first_block_no_weights_set',
      u16: { uids: [] },
    })
    expect(decide(unknown, ours)).toMatchObject({ outcome: 'burn_only', u16: { uids: [0], values: [65535] } })
    expect(decide(viewOfScores([]), reference)).toMatchObject({ outcome: 'no_data_no_weights_set' })
    expect(decide(viewOfScores([]), ours)).toMatchObject({ outcome: 'burn_only' })
  })

  it('20: a dominance cycle has an outcome', () => {
    const cycle = viewOfScores(
      [
        ['one', 1, 100, { a: 0.7, b: 0.6, c: 0.5 }],
        ['two', 2, 200, { a: 0.5, b: 0.7, c: 0.6 }],
        ['three', 3, 300, { a: 0.6, b: 0.5, c: 0.7 }],
      ],
      { samples: 2 },
    )
    expect(decide(cycle, reference)).toMatchObject({
      outcome: 'error_empty_frontier_no_weights_set',
      u16: { uids: [] },
    })
    const wideOurs = { ...ours, epsilon: { ...reference.epsilon } }
    expect(decide(cycle, wideOurs)).toMatchObject({ outcome: 'weights', weights: [{ hotkey: 'one' }] })
  })
})
