import { float32Std } from './float32-std'
import type { EpsilonPolicy } from './policy'

/**
 * The band of one task from the spread across miners: clip(2·std/√n, min, max); max for n ≤ 1 (spec bitrecs §5.3).
 * NaN in the column gives NaN, which switches dominance off, as in the reference.
 */
export function spreadEpsilon(column: Float32Array, samples: number, policy: EpsilonPolicy): number {
  if (samples <= 1) return policy.max
  return clip((policy.factor * float32Std(column)) / Math.sqrt(samples), policy)
}

/**
 * The band for one comparison from the sampling error of the two scores: clip(z·√(pₐ(1−pₐ)/nₐ + p_b(1−p_b)/n_b), min, max).
 * Other miners have no influence on it, so that adding weak miners cannot widen it (spec §7, item 16).
 */
export function samplingEpsilon(
  a: number,
  samplesA: number,
  b: number,
  samplesB: number,
  policy: EpsilonPolicy,
): number {
  if (samplesA <= 0 || samplesB <= 0) return policy.max
  const variance = (a * (1 - a)) / samplesA + (b * (1 - b)) / samplesB
  return clip(policy.factor * Math.sqrt(Math.max(0, variance)), policy)
}

function clip(value: number, { min, max }: EpsilonPolicy): number {
  return value < min ? min : value > max ? max : value
}
