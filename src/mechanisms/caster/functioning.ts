import type { CasterPolicy } from './policy'

const MS_PER_HOUR = 3_600_000

/** Times in unix milliseconds. Registering again does not reset the clock. */
export interface ValidatorClock {
  readonly firstRegisteredAtMs: number
  readonly lastSuccessAtMs: number | null
}

export interface Functioning {
  readonly functioning: boolean
  /** Hours until the gate shuts; 0 when it is shut. */
  readonly hoursLeft: number
  readonly reason: 'within_limit' | 'grace_since_registration' | 'limit_passed' | 'never_completed'
}

/** Whether a validator is served weights: a pure function of its clock and now (spec caster §9; invariant 12). */
export function functioning(
  clock: ValidatorClock,
  nowMs: number,
  policy: Pick<CasterPolicy, 'functioningHours' | 'neverCompleted'>,
): Functioning {
  const hasCompleted = clock.lastSuccessAtMs !== null
  if (!hasCompleted && policy.neverCompleted === 'deny')
    return { functioning: false, hoursLeft: 0, reason: 'never_completed' }
  const since = clock.lastSuccessAtMs ?? clock.firstRegisteredAtMs
  const hoursLeft = policy.functioningHours - (nowMs - since) / MS_PER_HOUR
  // Written so that a time that is no number shuts the gate.
  if (!(hoursLeft >= 0)) return { functioning: false, hoursLeft: 0, reason: 'limit_passed' }
  return { functioning: true, hoursLeft, reason: hasCompleted ? 'within_limit' : 'grace_since_registration' }
}
