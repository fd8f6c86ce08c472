/**
 * Everything that a Bitrecs decision may choose is data. A policy holds from a block on, so that a change of constants never
 * rewrites a past decision. Constants: spec bitrecs §5.8; superseded generations: §5.9.
 */
export interface EpsilonPolicy {
  /** `spread`: 2·std across miners / √n (reference). `sampling_error`: error of the two compared scores themselves. */
  readonly source: 'spread' | 'sampling_error'
  /** Multiplier of the standard deviation, or of the standard error of the difference. */
  readonly factor: number
  readonly min: number
  readonly max: number
  /** Samples assumed for a task that states none. */
  readonly defaultSamples: number
}

export interface ThresholdPolicy {
  readonly z: number
  readonly minGap: number
  readonly maxGap: number
}

export interface DecayPolicy {
  readonly blockSeconds: number
  readonly graceDays: number
  readonly perDay: number
  readonly floor: number
}

export type SubsetScheme = 'linear' | 'exponential' | 'equal'
export type WinnerRule = 'priority' | 'sum_majority' | 'geometric_mean'

export interface BitrecsPolicy {
  /** Rule version, e.g. `bitrecs/3`; recorded with every decision. */
  readonly id: string
  /** First block at which the policy holds. */
  readonly effectiveFromBlock: number
  /** What a score belongs to. `uid` merges two hotkeys that held one uid (reference); `tenure` never does. */
  readonly identity: 'uid' | 'tenure'
  /** A task without a score: `zero` (reference) or `exclude` the miner until its set is complete. */
  readonly missingScores: 'zero' | 'exclude'
  /** NaN and scores outside [0, 1]: `accept` as the reference does, or `refuse` the row with a reason. */
  readonly invalidScores: 'accept' | 'refuse'
  readonly winnerRule: WinnerRule
  /** Whom the geometric-mean tie rule compares: the top two (reference) or everyone within the gap of the leader. */
  readonly tieScope: 'top_two' | 'within_gap'
  /** Lead in geometric mean that beats seniority. */
  readonly flatGap: number
  readonly threshold: ThresholdPolicy
  readonly epsilon: EpsilonPolicy
  /** Non-frontier miners are dropped `before` the subsets, lose their points `after` them (reference), or `never`. */
  readonly frontierFilter: 'before' | 'after' | 'never'
  /** Every miner dominated by another: `abort` (reference: no weights) or let `everyone` stand. */
  readonly emptyFrontier: 'abort' | 'everyone'
  /** Winner without a first block: `abort` (reference: no weights) or `burn`. */
  readonly unknownFirstBlock: 'abort' | 'burn'
  /** No score rows at all: `abort` (reference: no weights) or `burn`. */
  readonly noScores: 'abort' | 'burn'
  readonly scheme: SubsetScheme
  readonly softmax: { readonly temperature: number; readonly minWeight: number }
  /** Equal points: first in hotkey order (reference) or the senior. */
  readonly pointsTie: 'hotkey_order' | 'seniority'
  /** The block a hotkey's age counts from. */
  readonly firstBlockRule: 'reveal' | 'commit'
  readonly decay: DecayPolicy
  /** Share of the emission that the winner gets before decay. */
  readonly emissionPortion: number
  /** The uid that takes the rest. */
  readonly burnUid: number
}

const REFERENCE: BitrecsPolicy = {
  id: 'bitrecs/3',
  effectiveFromBlock: 0,
  identity: 'uid',
  missingScores: 'zero',
  invalidScores: 'accept',
  winnerRule: 'geometric_mean',
  tieScope: 'top_two',
  flatGap: 0.02,
  threshold: { z: 1.5, minGap: 0.02, maxGap: 0.08 },
  epsilon: { source: 'spread', factor: 2, min: 0.005, max: 0.05, defaultSamples: 50 },
  frontierFilter: 'after',
  emptyFrontier: 'abort',
  unknownFirstBlock: 'abort',
  noScores: 'abort',
  scheme: 'exponential',
  softmax: { temperature: 1, minWeight: 0 },
  pointsTie: 'hotkey_order',
  firstBlockRule: 'reveal',
  decay: { blockSeconds: 12, graceDays: 3, perDay: 0.05, floor: 0.25 },
  emissionPortion: 0.1,
  burnUid: 0,
}

/** Policies by profile name. `eps_narrow` is the current reference with the documented ε bounds and the default. */
export const BITRECS_PROFILES = {
  eps_narrow: REFERENCE,
  eps_wide: { ...REFERENCE, id: 'bitrecs/3-wide', epsilon: { ...REFERENCE.epsilon, min: 0.01, max: 0.2 } },
  'bitrecs/1': {
    ...REFERENCE,
    id: 'bitrecs/1',
    winnerRule: 'priority',
    scheme: 'linear',
    frontierFilter: 'never',
    threshold: { z: 1.5, minGap: 0.02, maxGap: 0.1 },
  },
  'bitrecs/2': {
    ...REFERENCE,
    id: 'bitrecs/2',
    winnerRule: 'sum_majority',
    scheme: 'linear',
    frontierFilter: 'before',
  },
  'subledger/1': {
    ...REFERENCE,
    id: 'subledger/1',
    identity: 'tenure',
    missingScores: 'exclude',
    invalidScores: 'refuse',
    tieScope: 'within_gap',
    epsilon: { source: 'sampling_error', factor: 1, min: 0.005, max: 0.05, defaultSamples: 50 },
    frontierFilter: 'before',
    emptyFrontier: 'everyone',
    unknownFirstBlock: 'burn',
    noScores: 'burn',
    pointsTie: 'seniority',
  },
} as const satisfies Record<string, BitrecsPolicy>

export type BitrecsProfile = keyof typeof BITRECS_PROFILES
export const DEFAULT_BITRECS_PROFILE: BitrecsProfile = 'eps_narrow'
