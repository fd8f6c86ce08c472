import { type BitrecsDecision, decide } from './decide'
import type { BitrecsPolicy } from './policy'
import type { BitrecsView, ScoreRow } from './view'

/** What to change: the policy in part, scores of (hotkey, task), or both. */
export interface Change {
  readonly policy?: Partial<BitrecsPolicy>
  readonly scores?: readonly { readonly hotkey: string; readonly taskName: string; readonly score: number }[]
}

export interface WhatIf {
  readonly before: BitrecsDecision
  readonly after: BitrecsDecision
  /** Whether the winner, the outcome or the emitted vector differ. */
  readonly changes: boolean
}

/** The decision as it was and as it would have been. Past decisions are not touched. */
export function whatIf(view: BitrecsView, policy: BitrecsPolicy, change: Change): WhatIf {
  const before = decide(view, policy)
  const after = decide(
    { ...view, rows: change.scores ? replaceScores(view.rows, change.scores) : view.rows },
    { ...policy, ...change.policy },
  )
  const digest = (decision: BitrecsDecision) =>
    JSON.stringify([decision.outcome, decision.evidence.winner, decision.u16])
  return { before, after, changes: digest(before) !== digest(after) }
}

/** All rows of a (hotkey, task) get the new score, since the best of them counts; one that never ran gets a row. */
function replaceScores(rows: readonly ScoreRow[], scores: NonNullable<Change['scores']>): ScoreRow[] {
  const replaced = rows.map((row) => {
    const found = scores.find(({ hotkey, taskName }) => hotkey === row.hotkey && taskName === row.taskName)
    return found ? { ...row, score: found.score } : row
  })
  for (const { hotkey, taskName, score } of scores) {
    if (replaced.some((row) => row.hotkey === hotkey && row.taskName === taskName)) continue
    const own = rows.find((row) => row.hotkey === hotkey)
    const sampleSize = rows.find((row) => row.taskName === taskName)?.sampleSize
    if (own && sampleSize !== undefined) replaced.push({ ...own, taskName, score, sampleSize })
  }
  return replaced
}
