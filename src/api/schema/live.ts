import type { LogEvent, LogName } from '../../log/envelope'
import type { ApiContext } from '../graphql/context'
import { liveEvents, liveHeads } from '../stream/live-queries'

export const liveTypes = /* GraphQL */ `
  type Head {
    height: Int!
    blockHash: Hex!
    logs: [LogState!]!
  }

  "Live queries, over server-sent events (accept: text/event-stream)."
  type Subscription {
    """
    Events from \`fromSeq\` on (default: those to come), then each as it is logged. Without gaps: a client that was cut off
    goes on with the number after its last one.
    """
    newEvents(netuid: Int!, log: LogName = chain, types: [String!], fromSeq: BigInt): Event!
    "The indexed head, then each new one; a slow client gets the newest only."
    heads: Head!
  }
`

interface NewEventsArgs {
  readonly netuid: number
  readonly log: LogName
  readonly types?: readonly string[] | null
  readonly fromSeq?: string | null
}

export const liveResolvers = {
  Subscription: {
    newEvents: {
      subscribe: (_: unknown, args: NewEventsArgs, context: ApiContext) => liveEvents(context, args),
      resolve: (event: LogEvent) => event,
    },
    heads: {
      subscribe: (_: unknown, __: unknown, context: ApiContext) => liveHeads(context),
      resolve: (head: { height: number; hash: string }) => ({ ...head, blockHash: head.hash }),
    },
  },
}
