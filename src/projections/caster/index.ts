import type { SubnetReads } from '../core/subnet-reads'
import type { Projection } from '../fold/projection'
import { casterAnswers } from './answers'
import { casterBatches } from './batches'
import { casterRoster } from './roster'
import { casterScripts } from './scripts'
import { casterSessions } from './sessions'
import { casterValidators } from './validators'
import { type ReadView, readView } from './view'
import { casterWeights } from './weights'

export const casterProjections: readonly Projection[] = [
  casterScripts,
  casterBatches,
  casterSessions,
  casterAnswers,
  casterRoster,
  casterValidators,
  casterWeights,
]

/** Read models of the Caster system. */
export const casterReads: SubnetReads<ReadView> = {
  system: 'caster',
  projections: casterProjections,
  entities: [],
  readView,
}
