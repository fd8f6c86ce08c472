import type { SubnetReads } from '../core/subnet-reads'
import type { Projection } from '../fold/projection'
import { poolEntities, replayEntities, workEntities } from './entities'
import { autoresearchEpochs, autoresearchPayments, autoresearchRewards } from './pool'
import { autoresearchJobs, autoresearchPeers } from './replays'
import { autoresearchSubmissions, autoresearchVerdicts } from './submissions'
import { autoresearchClaims, autoresearchTasks } from './tasks'
import { autoresearchTimelines } from './timelines'
import { type ReadView, readView } from './view'

export const autoresearchProjections: readonly Projection[] = [
  autoresearchTasks,
  autoresearchClaims,
  autoresearchSubmissions,
  autoresearchVerdicts,
  autoresearchTimelines,
  autoresearchJobs,
  autoresearchPeers,
  autoresearchRewards,
  autoresearchEpochs,
  autoresearchPayments,
]

/** Read models of the autoresearch system. */
export const autoresearchReads: SubnetReads<ReadView> = {
  system: 'autoresearch',
  projections: autoresearchProjections,
  entities: [...workEntities, ...replayEntities, ...poolEntities],
  readView,
}
