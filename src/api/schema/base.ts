import type { ApiContext } from '../graphql/context'
import type { View } from '../head/view'
import { scalarTypes } from './scalars'

export const baseTypes = /* GraphQL */ `
  "How many rows a list without pages is counted for in the cost of a query."
  directive @listSize(assumed: Int!) on FIELD_DEFINITION

  ${scalarTypes}

  "The block at which a question is answered, as an indexer that stopped there would. Default: the indexed head."
  input At { height: Int! }

  "A log at the block of the answer."
  type LogState {
    log: LogName!
    netuid: Int!
    "Events in the log."
    size: BigInt!
    "RFC 6962 tree hash of the log at that size."
    root: Hex!
  }

  "What an answer was computed from: block, and the logs as of it."
  type Provenance {
    height: Int!
    "Null only for a past block of which nothing was logged."
    blockHash: Hex
    "Of one kind, or all: chain, platform and engine logs."
    logs(log: LogName): [LogState!]!
  }

  type PageInfo {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  type Query {
    "The block and log roots that queries without \`at\`, sent in the same request, are answered from."
    provenance(netuid: Int, at: At): Provenance!
  }
`

/** What a resolver returns so that its type can name its provenance. */
export interface Viewed {
  readonly view: View
  readonly netuid: number
}

export const provenance = ({ view, netuid }: Viewed, _: unknown, { loaders }: ApiContext) =>
  loaders.provenance(view, netuid)
