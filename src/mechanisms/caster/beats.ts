import type { BeatsRule } from './policy'

/** What is compared. Totals of one batch and one set of validators (invariant 4). */
export interface Standing {
  /** Sum of the task medians, or that as a fraction of the maximum; both sides alike. */
  readonly total: number
  /** The total that full marks give, on the same scale. */
  readonly maximum: number
  readonly costUsd?: number
  readonly runtimeMs?: number
}

export type BeatCause = 'score' | 'cost' | 'runtime'

export interface Beat {
  readonly beats: boolean
  readonly cause?: BeatCause
  /** Total that would have sufficed by score; under a relative margin more than this. */
  readonly needed: number
}

/** Totals that differ by less are the same. */
const SCORE_TOLERANCE = 1e-9
/** A runtime gain below this does not count, whatever the ratio. */
const MIN_RUNTIME_GAIN_MS = 1000
const RATIO20 = { score: 1.2, other: 0.8 }
const POINTS10 = { score: 0.1, other: 0.9 }

export function beats(challenger: Standing, incumbent: Standing, rule: BeatsRule): Beat {
  if (rule.kind === 'relative_margin') {
    const needed = incumbent.total * (1 + rule.margin)
    return challenger.total > needed ? { beats: true, cause: 'score', needed } : { beats: false, needed }
  }
  const isRatio = rule.kind === 'ratio20'
  const needed = isRatio
    ? incumbent.total * RATIO20.score
    : Math.min(incumbent.total + POINTS10.score * incumbent.maximum, incumbent.maximum)
  if (challenger.total >= needed) return { beats: true, cause: 'score', needed }
  if (challenger.total < incumbent.total - SCORE_TOLERANCE) return { beats: false, needed }
  const ratio = isRatio ? RATIO20.other : POINTS10.other
  const isGuarded = isRatio ? rule.isOtherDimensionGuarded : true
  const cause = cheaperOrFaster(challenger, incumbent, ratio, isGuarded)
  return cause ? { beats: true, cause, needed } : { beats: false, needed }
}

function cheaperOrFaster(
  challenger: Standing,
  incumbent: Standing,
  ratio: number,
  isGuarded: boolean,
): BeatCause | undefined {
  const [cost, oldCost] = [challenger.costUsd, incumbent.costUsd]
  const [time, oldTime] = [challenger.runtimeMs, incumbent.runtimeMs]
  const hasCost = cost !== undefined && oldCost !== undefined
  const hasTime = time !== undefined && oldTime !== undefined
  const isCheaper = hasCost && cost <= oldCost * ratio
  const isFaster = hasTime && time <= oldTime * ratio && oldTime - time >= MIN_RUNTIME_GAIN_MS
  if (isCheaper && !(isGuarded && hasTime && time > oldTime)) return 'cost'
  if (isFaster && !(isGuarded && hasCost && cost > oldCost)) return 'runtime'
  return undefined
}
