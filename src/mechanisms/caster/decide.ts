import type { EmittedWeights } from '../emit-u16'
import { type Aggregation, aggregate, type ValidatorMatrix } from './aggregation'
import { type SubmittedScript, withTotals } from './batch'
import { rosterEmission, weightsByUid } from './emission'
import type { CasterPolicy } from './policy'
import { type ComparisonRecord, decideRoster, type Roster } from './roster'
import { weightCall } from './submit-weights'

/** A closed batch and the registrations at the decision's block. */
export interface CasterView {
  /** Block of `uidOf`. */
  readonly height: number
  readonly roster: Roster
  readonly candidates: readonly SubmittedScript[]
  readonly taskCount: number
  /** What each validator reported; artifacts in the order of `candidates`. */
  readonly matrices: readonly ValidatorMatrix[]
  /** Registered hotkeys and their uids. */
  readonly uidOf: Readonly<Record<string, number>>
}

export interface CasterDecision {
  readonly policyId: string
  readonly height: number
  readonly outcome: 'weights' | 'no_complete_validator'
  readonly weights: readonly { readonly hotkey: string; readonly uid: number; readonly share: number }[]
  readonly burn: number
  readonly u16: EmittedWeights
  readonly roster: Roster
  readonly evidence: {
    readonly comparisons: readonly ComparisonRecord[]
    readonly totals: readonly {
      readonly hotkey: string
      readonly artifactId: string
      readonly total: number
    }[]
    readonly counted: readonly string[]
    readonly excluded: Aggregation['excluded']
    readonly absent: readonly string[]
    /** Which of several challengers could win depends on it, so it is always stated. */
    readonly challengers: CasterPolicy['challengers']
  }
}

/**
 * Batch to roster to weights (spec caster §6–§8). Without a validator that has the whole matrix the roster stays as it is: no
 * comparison may mix sets of validators (invariant 4).
 */
export function decide(view: CasterView, policy: CasterPolicy): CasterDecision {
  return decideWith(view, policy)
}

/** @param totals by artifact: instead of what the cells gave, for questions of what would have been */
export function decideWith(
  view: CasterView,
  policy: CasterPolicy,
  totals?: ReadonlyMap<string, number>,
): CasterDecision {
  const { candidates, taskCount } = view
  const aggregation = aggregate(view.matrices, candidates.length, taskCount)
  const isScored = aggregation.counted.length > 0
  const measured = isScored ? withTotals(candidates, aggregation.artifacts, taskCount) : []
  const scored = measured.map((one) => ({ ...one, total: totals?.get(one.artifactId) ?? one.total }))
  const { roster, comparisons } = decideRoster(view.roster, scored, policy)
  const emission = rosterEmission(roster, view.uidOf, policy)
  const call = weightCall(weightsByUid(emission, policy.burnUid))
  return {
    policyId: policy.id,
    height: view.height,
    outcome: isScored ? 'weights' : 'no_complete_validator',
    weights: emission.places.map(({ hotkey, uid, share }) => ({ hotkey, uid, share })),
    burn: emission.burn,
    u16: typeof call === 'string' ? { uids: [], values: [] } : call.u16,
    roster,
    evidence: {
      comparisons,
      totals: scored.map(({ hotkey, artifactId, total }) => ({ hotkey, artifactId, total })),
      counted: aggregation.counted,
      excluded: aggregation.excluded,
      absent: emission.absent,
      challengers: policy.challengers,
    },
  }
}
