import { describe, expect, it } from 'vitest'
import { explain } from './explain'
import { BITRECS_PROFILES } from './policy'
import { standings } from './standings'
import { viewOfScores } from './test-view'
import { whatIf } from './what-if'

const policy = BITRECS_PROFILES.eps_narrow
const HEIGHT = 100_000
const view = viewOfScores(
  [
    ['best', 1, 200, { a: 0.9, b: 0.9 }],
    ['worse', 2, 100, { a: 0.7, b: 0.85 }],
    ['other', 3, 50, { a: 0.95, b: 0.2 }],
  ],
  { height: HEIGHT },
)

describe('explain', () => {
  it('names the dominator, its numbers and the smallest rise that escapes it', () => {
    const explanation = explain(standings(view, policy), policy, 'worse', HEIGHT)
    expect(explanation).toMatchObject({ verdict: 'dominated', rank: 3, onFrontier: false, winner: '1' })
    expect(explanation.dominatedBy.map((domination) => domination.by)).toEqual(['1'])
    const { escape: way, tasks } = explanation.dominatedBy[0]!
    expect(way!.task).toBe('b')
    expect(way!.missing).toBeCloseTo(0.1, 6)
    expect(tasks.map((cell) => cell.task)).toEqual(['a', 'b'])
  })

  it('escapes with a little more than the missing margin, and not with a little less', () => {
    const { escape: way } = explain(standings(view, policy), policy, 'worse', HEIGHT).dominatedBy[0]!
    const raised = (by: number) => {
      const rows = view.rows.map((row) =>
        row.hotkey === 'worse' && row.taskName === way!.task ? { ...row, score: row.score + by } : row,
      )
      return explain(standings({ ...view, rows }, policy), policy, 'worse', HEIGHT).onFrontier
    }
    expect(raised(way!.missing - 0.001)).toBe(false)
    expect(raised(way!.missing + 0.001)).toBe(true)
  })

  it('gives the winner no missing points and its decay', () => {
    const explanation = explain(standings(view, policy), policy, '1', HEIGHT)
    expect(explanation).toMatchObject({
      verdict: 'won',
      rank: 1,
      missingPoints: 0,
      subsetsWon: 2,
      subsetsTotal: 3,
    })
    expect(explanation.decay).toBeLessThan(1)
  })

  it('tells a frontier miner how many points are missing', () => {
    const explanation = explain(standings(view, policy), policy, '3', HEIGHT)
    expect(explanation).toMatchObject({
      verdict: 'fewer_points',
      points: 1,
      winnerPoints: 3,
      missingPoints: 3,
    })
  })

  it('says why a miner did not contest, and that it knows nothing of a stranger', () => {
    const ours = BITRECS_PROFILES['subledger/1']
    const partial = {
      ...view,
      rows: view.rows.filter((row) => row.hotkey !== 'worse' || row.taskName === 'a'),
    }
    const table = standings(partial, ours)
    expect(explain(table, ours, 'worse', HEIGHT)).toMatchObject({
      verdict: 'excluded',
      reason: 'incomplete: b',
    })
    expect(explain(table, ours, 'nobody', HEIGHT)).toMatchObject({ verdict: 'unknown', rank: null })
  })
})

describe('whatIf', () => {
  it('shows the winner under other scores without touching the decision before', () => {
    const result = whatIf(view, policy, { scores: [{ hotkey: 'worse', taskName: 'a', score: 0.99 }] })
    expect(result.before.weights[0]!.hotkey).toBe('best')
    expect(result.after.weights[0]!.hotkey).toBe('worse')
    expect(result.changes).toBe(true)
  })

  it('shows the split under another policy', () => {
    const result = whatIf(view, policy, { policy: { emissionPortion: 0.5 } })
    expect(result.after.burn).toBeLessThan(result.before.burn)
    expect(result.changes).toBe(true)
  })

  it('says when nothing changes', () => {
    expect(whatIf(view, policy, { scores: [{ hotkey: 'worse', taskName: 'a', score: 0.71 }] }).changes).toBe(
      false,
    )
  })

  it('adds a score that was missing', () => {
    const partial = {
      ...view,
      rows: view.rows.filter((row) => row.hotkey !== 'best' || row.taskName === 'a'),
    }
    const result = whatIf(partial, policy, { scores: [{ hotkey: 'best', taskName: 'b', score: 0.9 }] })
    expect(result.after.weights[0]!.hotkey).toBe('best')
  })
})
