import type { EmittedWeights } from '../emit-u16'
import { type Aggregation, aggregate, type ValidatorMatrix } from './aggregation'
import { type SubmittedScript, withTotals } from './batch'
import { rosterEmission, weightsByUid } from './emission'
import type { CasterPolicy } from './policy'
import { readCasterPolicy } from './read-caster-policy'
import { type ComparisonRecord, decideRoster, type Roster, seated } from './roster'
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
  /** The policy under which the batch was decided, as it was recorded; without it the one that holds. */
  readonly rosterPolicy?: unknown
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

/** Who sits follows from the policy of its batch, so that a later one never rewrites it; what a seat is paid from the one that holds. */
export const rulingPolicy = ({ rosterPolicy }: CasterView, policy: CasterPolicy): CasterPolicy =>
  rosterPolicy === undefined ? policy : readCasterPolicy(rosterPolicy)

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
  const ruling = rulingPolicy(view, policy)
  const { roster: ruled, comparisons } = decideRoster(view.roster, scored, ruling)
  const roster = seated(ruled, policy)
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
      challengers: ruling.challengers,
    },
  }
}
