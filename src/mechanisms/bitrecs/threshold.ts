import type { ThresholdPolicy } from './policy'

/** p is kept off 0 and 1, where the standard error would vanish. */
const MIN_PROPORTION = 0.01
const MAX_PROPORTION = 0.99

/**
 * The score a later miner must exceed: min(score + gap, 1), gap = clip(z·√(p(1−p)/n), min, max), max for n ≤ 0
 * (spec bitrecs §5.4). Used by the first two generations of the winner rule.
 */
export function threshold(priorScore: number, samples: number, policy: ThresholdPolicy): number {
  return Math.min(priorScore + gap(priorScore, samples, policy), 1)
}

function gap(priorScore: number, samples: number, { z, minGap, maxGap }: ThresholdPolicy): number {
  if (samples <= 0) return maxGap
  const p = Math.min(Math.max(priorScore, MIN_PROPORTION), MAX_PROPORTION)
  return Math.max(minGap, Math.min(maxGap, z * Math.sqrt((p * (1 - p)) / samples)))
}
