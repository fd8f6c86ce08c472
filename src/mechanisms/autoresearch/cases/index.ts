import type { CaseRule } from '../../case-rule'
import { cumulative, proof, split } from './payouts'
import { signing } from './requests'
import { best, metric, peers } from './results'
import { lifecycle, patch } from './submissions'
import { rateLimit, weights } from './weights'

export { CONTEXT_FIELDS } from './context'

/** Asked in this order: the more specific fields come first. */
export const CASE_RULES: readonly CaseRule[] = [
  signing,
  proof,
  rateLimit,
  best,
  peers,
  cumulative,
  patch,
  lifecycle,
  split,
  metric,
  weights,
]
