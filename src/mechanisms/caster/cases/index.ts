import type { CaseRule } from '../../case-rule'
import { citations, grading, verdictSet } from './answers'
import { aggregation, curation } from './batches'
import { budget } from './budget'
import { functioningRule, signing } from './requests'
import { cascade, deregistration, dethrone, step } from './roster'
import { weights, windowRule } from './weights'

/** Asked in this order: the more specific fields come first. */
export const CASE_RULES: readonly CaseRule[] = [
  step,
  cascade,
  deregistration,
  grading,
  verdictSet,
  citations,
  signing,
  budget,
  functioningRule,
  dethrone,
  weights,
  windowRule,
  aggregation,
  curation,
]
