import type { SubnetReads } from '../core/subnet-reads'
import type { Projection } from '../fold/projection'
import { type About, readAbout } from './about'
import { autoresearchEpochs, autoresearchPayments, autoresearchRewards } from './pool'
import { poolEntities } from './pool-entities'
import { replayEntities } from './replay-entities'
import { autoresearchJobs, autoresearchPeers } from './replays'
import { autoresearchSubmissions, autoresearchVerdicts } from './submissions'
import { autoresearchClaims, autoresearchTasks } from './tasks'
import { autoresearchTimelines } from './timelines'
import { type ReadView, readView } from './view'
import { workEntities } from './work-entities'

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
export const autoresearchReads: SubnetReads<ReadView, About | null> = {
  system: 'autoresearch',
  projections: autoresearchProjections,
  entities: [...workEntities, ...replayEntities, ...poolEntities],
  readView,
  readAbout,
}
