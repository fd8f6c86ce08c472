import { describe, expect, it } from 'vitest'
import { decide } from './decide'
import { frontierReport, leaderboard, subsetWinners } from './inspect'
import { BITRECS_PROFILES } from './policy'
import { viewOfScores } from './test-view'

const policy = BITRECS_PROFILES.eps_narrow
const view = viewOfScores(
  [
    ['5Generalist', 3, 300, { a: 0.6, b: 0.6, c: 0.6 }],
    ['5SpecialistA', 1, 100, { a: 0.95, b: 0.3, c: 0.3 }],
    ['5SpecialistB', 2, 200, { a: 0.3, b: 0.95, c: 0.3 }],
    ['5Weak', 4, 50, { a: 0.1, b: 0.1, c: 0.1 }],
  ],
  { samples: 100 },
)

describe('questions about Bitrecs standings', () => {
  it('ranks the winner of the decision first, and shows what the others have', () => {
    const rows = leaderboard(view, policy)
    expect(rows[0]).toMatchObject({
      isWinner: true,
      rank: 1,
      hotkey: decide(view, policy).weights[0]!.hotkey,
    })
    expect(rows.map((row) => row.hotkey)[0]).toBe('5Generalist')
    const points = rows.slice(1).map((row) => row.points)
    expect(points).toEqual([...points].sort((a, b) => b - a))
    const weak = rows.find((row) => row.hotkey === '5Weak')!
    expect(weak).toMatchObject({ onFrontier: false, weight: null, points: 0, rank: 4, firstBlock: 50 })
    expect(rows.filter((row) => row.points === 1).map((row) => row.rank)).toEqual([2, 2])
  })

  it('tells who dominates whom, with the ε of each task', () => {
    const { members, tasks, dominated } = frontierReport(view, policy)
    expect(members).toEqual(['3', '1', '2'])
    expect(tasks.map(({ task, samples }) => [task, samples])).toEqual([
      ['a', 100],
      ['b', 100],
      ['c', 100],
    ])
    expect(tasks.every(({ epsilon }) => epsilon >= 0.005 && epsilon <= 0.05)).toBe(true)
    expect(dominated).toEqual([{ key: '4', by: ['3', '1', '2'] }])
  })

  it('lists the winner of every subset of tasks, in pages', () => {
    const all = subsetWinners(view, policy, { first: 100, after: 0 })
    expect(all.total).toBe(7)
    expect(all.rows).toHaveLength(7)
    expect(all.rows[0]).toEqual({ tasks: ['a'], winner: '1', hotkey: '5SpecialistA' })
    expect(all.rows[6]).toEqual({ tasks: ['a', 'b', 'c'], winner: '3', hotkey: '5Generalist' })
    expect(subsetWinners(view, policy, { first: 2, after: 6 }).rows).toEqual([all.rows[6]])
    expect(subsetWinners(view, policy, { first: 2, after: 9 }).rows).toEqual([])
  })

  it('is empty where there are no scores', () => {
    const empty = viewOfScores([])
    expect(leaderboard(empty, policy)).toEqual([])
    expect(frontierReport(empty, policy)).toEqual({ members: [], tasks: [], dominated: [] })
    expect(subsetWinners(empty, policy, { first: 5, after: 0 })).toEqual({ total: 0, rows: [] })
  })
})
