import type { SubnetReads } from '../core/subnet-reads'
import type { Projection } from '../fold/projection'
import { bitrecsAgentStatus } from './agent-status'
import { evaluationEntities } from './entities'
import { bitrecsEvaluations } from './evaluations'
import { bitrecsReadRoutes } from './routes'
import { bitrecsScores } from './scores'
import { bitrecsSessions } from './sessions'
import { bitrecsSets } from './sets'
import { bitrecsAgents } from './submissions'
import { bitrecsBans } from './submissions-admin'
import { submissionEntities } from './submissions-entities'
import { type ReadView, readView } from './view'

export const bitrecsProjections: readonly Projection[] = [
  bitrecsAgents,
  bitrecsBans,
  bitrecsSets,
  bitrecsSessions,
  bitrecsEvaluations,
  bitrecsAgentStatus,
  bitrecsScores,
]

/** Read models of the Bitrecs subnet system. */
export const bitrecsReads: SubnetReads<ReadView> = {
  system: 'bitrecs',
  projections: bitrecsProjections,
  entities: [...submissionEntities, ...evaluationEntities],
  readView,
  routes: bitrecsReadRoutes,
}
