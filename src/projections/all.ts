import { autoresearchProjections } from './autoresearch'
import { bitrecsProjections } from './bitrecs'
import { casterProjections } from './caster'
import { commitments } from './commitments'
import { emissions } from './emissions'
import { decisions } from './engine/decisions'
import { divergences } from './engine/divergences'
import { policies } from './engine/policies'
import { refusals } from './engine/refusals'
import { firstSubmissions } from './first-submissions'
import type { Projection } from './fold/projection'
import type { TableRule } from './fold/table-rule'
import { hyperparameters } from './hyperparameters'
import { subnets } from './subnets'
import { tenures } from './tenures'
import { validatorPermits } from './validator-permits'
import { weightCommits } from './weight-commits'
import { weightSets } from './weight-sets'

export const projections: readonly Projection[] = [
  subnets,
  hyperparameters,
  tenures,
  validatorPermits,
  commitments,
  firstSubmissions,
  weightSets,
  weightCommits,
  emissions,
  policies,
  refusals,
  decisions,
  divergences,
  ...bitrecsProjections,
  ...autoresearchProjections,
  ...casterProjections,
]

/** Every table of the read models, in the order in which they are exported. */
export const tableRules: Readonly<Record<string, TableRule>> = Object.assign(
  {},
  ...projections.map(({ tables }) => tables),
)
