import type { ComparatorPolicy } from './policy'

/** What a task itself says about the improvement that it wants; null: what the policy says. */
export interface TaskImprovement {
  readonly noiseUnit: ComparatorPolicy['noiseUnit'] | null
  /** In the noise unit. */
  readonly noiseBand: number | null
}

/**
 * The comparison of one task: the improvement that is needed is a rule of the task and not one constant of the backend (spec
 * autoresearch §8). A band of the task's own is part of the version, so that every comparison states what it was made with.
 */
export function comparatorFor(
  { noiseUnit, noiseBand }: TaskImprovement,
  policy: ComparatorPolicy,
): ComparatorPolicy {
  if (noiseUnit === null || noiseBand === null) return policy
  const version = `${policy.version}:${noiseUnit}:${noiseBand}`
  return { ...policy, version, noiseUnit, band: noiseBand }
}
