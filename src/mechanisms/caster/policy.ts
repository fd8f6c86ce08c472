import type { Unpublished } from '../mechanism'

/** When a challenger beats the sitting first place (spec caster §7.3). The margin of the top-3 era was never published. */
export type BeatsRule =
  /** Strictly more than the incumbent's total times (1 + margin). */
  | { readonly kind: 'relative_margin'; readonly margin: number }
  /** L1: total ×1.20, else cost or runtime ×0.80. */
  | { readonly kind: 'ratio20'; readonly isOtherDimensionGuarded: boolean }
  /** L2: +0.10 of the maximum, else cost or runtime −10 %. */
  | { readonly kind: 'points10' }

export type AbsentPolicy = 'redirect_to_burn' | 'renormalise' | 'compact'

export interface CasterPolicy {
  readonly id: string
  readonly effectiveFromBlock: number
  /** `top3`: the sticky roster; `champion`: one sticky place. */
  readonly roster: 'top3' | 'champion'
  readonly beats: BeatsRule
  /** Several challengers in one batch: each against the then sitting first place in batch order, or only the best one. */
  readonly challengers: 'cascade' | 'single_best'
  /** A newer script of the sitting first place: takes its place in any case, or only when it scores no less. */
  readonly resubmission: 'replace' | 'replace_if_not_worse'
  /** Total below or at which nobody enters an empty roster. */
  readonly bootstrapMinTotal: number
  /** Shares of the places, sum 1. Never published; the default follows the only two-member fixture. */
  readonly shares: readonly number[]
  readonly absent: AbsentPolicy
  readonly burnUid: number
  /** Hours after the last completed batch for which a validator is served weights; the bound itself still counts. */
  readonly functioningHours: number
  /** A validator that never completed a batch: counted from its registration, or denied. */
  readonly neverCompleted: 'grace' | 'deny'
  /** Blocks between two weight calls; the window opens at this distance. */
  readonly windowBlocks: number
  /** Least share of claims that the sitting champion must get wrong in a data set. */
  readonly curationWrongShare: number
  /** Budget of a session, integer micro-USD as decimal text: a policy is plain JSON, in events as in memory. */
  readonly sessionBudgetMicroUsd: string
}

export const CASTER_TOP3_POLICY: CasterPolicy = {
  id: 'caster/top3',
  effectiveFromBlock: 0,
  roster: 'top3',
  beats: { kind: 'relative_margin', margin: 0 },
  challengers: 'cascade',
  resubmission: 'replace',
  bootstrapMinTotal: 0,
  shares: [0.6, 0.3, 0.1],
  absent: 'redirect_to_burn',
  burnUid: 0,
  functioningHours: 120,
  neverCompleted: 'grace',
  windowBlocks: 100,
  curationWrongShare: 0.5,
  sessionBudgetMicroUsd: '50000',
}

export const CASTER_CHAMPION_POLICY: CasterPolicy = {
  ...CASTER_TOP3_POLICY,
  id: 'caster/champion',
  roster: 'champion',
  beats: { kind: 'points10' },
  shares: [1],
}

/** Places of a roster under a policy. */
export function placesOf(policy: Pick<CasterPolicy, 'roster'>): number {
  return policy.roster === 'champion' ? 1 : 3
}

/** What the spec marks as unknown (§7.3, §8). The later rules were published, the top-3 era's were not. */
export function unpublished({ beats, roster }: CasterPolicy): readonly Unpublished[] {
  return [
    ...(beats.kind === 'relative_margin'
      ? [
          {
            path: '/beats/margin',
            note: 'By how much the first place had to be beaten is not known; 0 means: strictly more.',
          },
        ]
      : []),
    ...(roster === 'top3'
      ? [
          {
            path: '/shares',
            note: 'Shares of the three places are not known; 0.6 / 0.3 / 0.1 is an example. Only 0.6 / 0.4 for two places is on record.',
          },
        ]
      : []),
  ]
}
