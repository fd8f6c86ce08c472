import type { ApiContext } from '../graphql/context'

/** Time between two blocks of the chain (ms); only to say a lag in seconds. */
const BLOCK_TIME_MS = 12_000

export const statusTypes = /* GraphQL */ `
  "How far the database is, against the node's own word."
  type Status {
    version: String!
    "Last indexed block; -1 when nothing has been indexed."
    indexedHeight: Int!
    indexedHash: Hex!
    "First indexed block; about those before it nothing is known."
    startHeight: Int!
    "Last finalized block, asked from the node independently of the indexer; null when it gives no answer."
    chainHeight: Int
    chainHash: Hex
    "Why the chain's head is not known."
    chainProblem: String
    lagBlocks: Int
    "lagBlocks at 12 s a block."
    lagSeconds: Int
    logs: [LogState!]!
  }
  extend type Query {
    status: Status!
  }
`

export const statusResolvers = {
  Query: {
    status: (_: unknown, __: unknown, { api }: ApiContext) => {
      const { height, hash, logs, startHeight } = api.heads.current
      const sight = api.node?.sight()
      const head = sight && 'head' in sight ? sight.head : undefined
      const lagBlocks = head ? Math.max(0, head.height - height) : null
      return {
        version: api.version,
        indexedHeight: height,
        indexedHash: hash,
        startHeight,
        chainHeight: head?.height ?? null,
        chainHash: head?.hash ?? null,
        chainProblem:
          sight && 'problem' in sight ? sight.problem.message : sight ? null : 'No node is named.',
        lagBlocks,
        lagSeconds: lagBlocks === null ? null : Math.round((lagBlocks * BLOCK_TIME_MS) / 1000),
        logs,
      }
    },
  },
}
