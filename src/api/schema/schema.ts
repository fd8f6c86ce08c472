import type { GraphQLSchema } from 'graphql'
import { createSchema } from 'graphql-yoga'
import { chainEntities } from '../../projections/chain-entities'
import type { Entity } from '../../projections/core/entity'
import { engineEntities } from '../../projections/engine/entities'
import type { Connection } from '../graphql/connection'
import type { ApiContext } from '../graphql/context'
import { type AtInput, type Provenance, provenanceOf, viewAt } from '../head/view'
import { baseTypes, provenance } from './base'
import { bitrecsResolvers, bitrecsTypes } from './bitrecs'
import { commitmentResolvers, commitmentTypes } from './commitments'
import { decisionResolvers, decisionTypes } from './decisions'
import { emissionResolvers, emissionTypes } from './emissions'
import { entityConnections, entityResolvers, entityTypes } from './entities'
import { eventResolvers, eventTypes } from './events'
import { firstSubmissionResolvers, firstSubmissionTypes } from './first-submissions'
import { liveResolvers, liveTypes } from './live'
import { neuronResolvers, neuronTypes } from './neurons'
import { proofResolvers, proofTypes } from './proofs'
import { scalarResolvers } from './scalars'
import { statusResolvers, statusTypes } from './status'
import { subnetResolvers, subnetTypes } from './subnets'
import { validityResolvers, validityTypes } from './validity'
import { weightVectorResolvers, weightVectorTypes } from './weight-vectors'
import { weightResolvers, weightTypes } from './weights'

interface ProvenanceArgs {
  readonly netuid?: number | null
  readonly at?: AtInput | null
}

const baseResolvers = {
  Provenance: {
    logs: ({ logs }: Provenance, { log }: { readonly log?: string | null }) =>
      log ? logs.filter((state) => state.log === log) : logs,
  },
  Query: {
    provenance: (_: unknown, args: ProvenanceArgs, { api }: ApiContext) =>
      provenanceOf(viewAt(api, args.at), args.netuid ?? null),
  },
}

/** Compiled execution does not call functions that it finds in rows, so counting on demand is a resolver. */
const totalCount = (connection: Connection<unknown>) => connection.totalCount()

const connectionTypes = [
  'EventConnection',
  'CommitmentConnection',
  'TenureConnection',
  'FirstSubmissionConnection',
  'WeightSetConnection',
  'WeightCommitConnection',
  'EmissionConnection',
  'DecisionConnection',
]
/** Other types whose values carry the view they were read at. */
const viewedTypes = [
  'Commitment',
  'Tenure',
  'Metagraph',
  'FirstSubmission',
  'Subnet',
  'Hyperparameter',
  'WeightSet',
  'WeightCommit',
  'Emission',
  'CommitmentValidity',
  'Decision',
]

/** Lists that there are whichever systems are served. */
export const everySubnet: readonly Entity[] = [...chainEntities, ...engineEntities]

/** The schema of the API: one file a topic, each with its types, their documentation and resolvers. */
export function createApiSchema(entities: readonly Entity[] = everySubnet): GraphQLSchema {
  return createSchema<ApiContext>({
    typeDefs: [
      baseTypes,
      eventTypes,
      statusTypes,
      liveTypes,
      commitmentTypes,
      neuronTypes,
      firstSubmissionTypes,
      subnetTypes,
      weightTypes,
      emissionTypes,
      validityTypes,
      proofTypes,
      decisionTypes,
      bitrecsTypes,
      weightVectorTypes,
      ...entityTypes(entities),
    ],
    resolvers: [
      scalarResolvers,
      baseResolvers,
      Object.fromEntries(
        [...connectionTypes, ...entityConnections(entities)].map((type) => [
          type,
          { provenance, totalCount },
        ]),
      ),
      Object.fromEntries(
        [...viewedTypes, ...entities.map(({ type }) => type)].map((type) => [type, { provenance }]),
      ),
      eventResolvers,
      statusResolvers,
      liveResolvers,
      commitmentResolvers,
      neuronResolvers,
      firstSubmissionResolvers,
      subnetResolvers,
      weightResolvers,
      emissionResolvers,
      validityResolvers,
      proofResolvers,
      decisionResolvers,
      bitrecsResolvers,
      weightVectorResolvers,
      entityResolvers(entities),
    ],
  })
}
