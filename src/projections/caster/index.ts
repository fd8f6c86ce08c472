import type { SubnetReads } from '../core/subnet-reads'
import type { Projection } from '../fold/projection'
import { type About, readAbout } from './about'
import { casterAnswers } from './answers'
import { batchEntities } from './batch-entities'
import { casterBatches } from './batches'
import { resultEntities } from './result-entities'
import { casterRoster } from './roster'
import { rosterEntities } from './roster-entities'
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
export const casterReads: SubnetReads<ReadView, About | null> = {
  system: 'caster',
  projections: casterProjections,
  entities: [...batchEntities, ...resultEntities, ...rosterEntities],
  readView,
  readAbout,
}
