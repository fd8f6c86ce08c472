import type { ReplayResult } from '../rule-values'

/** Validators that replay an accepted submission: what a claim epoch wants behind each claim (spec autoresearch §10.3). */
const COMMITTEE_VALIDATORS = 3

/** Whether enough validators have replayed it without an error. */
export const isCommitteeFull = (results: readonly ReplayResult[]): boolean =>
  new Set(results.filter(({ status }) => status !== 'error').map(({ validator }) => validator)).size >=
  COMMITTEE_VALIDATORS
