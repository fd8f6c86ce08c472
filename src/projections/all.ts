import { commitments } from './commitments'
import { emissions } from './emissions'
import { firstSubmissions } from './first-submissions'
import type { Projection } from './fold/projection'
import { hyperparameters } from './hyperparameters'
import { subnets } from './subnets'
import { tenures } from './tenures'
import { weightCommits } from './weight-commits'
import { weightSets } from './weight-sets'

export const projections: readonly Projection[] = [
  subnets,
  hyperparameters,
  tenures,
  commitments,
  firstSubmissions,
  weightSets,
  weightCommits,
  emissions,
]
