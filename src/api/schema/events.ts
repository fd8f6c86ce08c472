import type { LogName } from '../../log/envelope'
import { eventsBySeq } from '../../log/read'
import { EVENT_COLUMNS, eventOfRow } from '../../log/row'
import { connectionOf, type PageArgs, pageFrom } from '../graphql/connection'
import type { ApiContext, ApiServices } from '../graphql/context'
import { SqlFilter } from '../graphql/sql-filter'
import { type AtInput, type View, viewAt } from '../head/view'

export const eventTypes = /* GraphQL */ `
  "Which log: chain (derived by anyone), platform (asserted, signed), engine (derived by a named rule)."
  enum LogName { chain platform engine }

  "An event as it stands in the log. \`seq\` is its number there, its leaf index and its cursor."
  type Event {
    log: LogName!
    netuid: Int!
    seq: BigInt!
    type: String!
    schemaVersion: Int!
    "Block at which this use of the netuid was registered."
    subnetInstance: Int!
    height: Int!
    blockHash: Hex!
    blockTime: DateTime!
    extrinsicIndex: Int
    "Position of the inner call within its wrappers (batch, proxy, sudo, multisig)."
    callPath: [Int!]
    eventIndex: Int
    "Who acted, which is not always who paid."
    actor: Account
    "As logged: accounts as hex, large integers as strings. The leaf hash is over this very content."
    payload: JSON!
    "SHA-256(0x00 ++ canonical JSON of the envelope without leafHash)."
    leafHash: Hex!
  }

  type EventEdge { cursor: String! node: Event! }
  type EventConnection {
    nodes: [Event!]!
    edges: [EventEdge!]!
    pageInfo: PageInfo!
    totalCount: Int!
    provenance: Provenance!
  }

  extend type Query {
    "The raw log. The cursor is \`seq\`: a reader that keeps its last one misses nothing and sees nothing twice."
    events(
      netuid: Int!
      log: LogName = chain
      types: [String!]
      actor: Account
      fromHeight: Int
      toHeight: Int
      at: At
      first: Int
      after: String
      last: Int
      before: String
    ): EventConnection!
    "One event by its number."
    event(netuid: Int!, seq: BigInt!, log: LogName = chain): Event
  }
`

interface EventsArgs extends PageArgs {
  readonly netuid: number
  readonly log: LogName
  readonly types?: readonly string[] | null
  readonly actor?: string | null
  readonly fromHeight?: number | null
  readonly toHeight?: number | null
  readonly at?: AtInput | null
}

export const eventResolvers = {
  Query: {
    events: async (_: unknown, args: EventsArgs, { api }: ApiContext) => {
      const view = viewAt(api, args.at)
      const filter = filterOf(view, args)
      const page = pageFrom(args, api.limits.maxPageRows, 1)
      const { where, tail, values } = filter.page(page, ['log_event.seq'])
      const { rows } = await api.pool.query(`select ${EVENT_COLUMNS} from log_event ${where} ${tail}`, values)
      const events = rows.map(eventOfRow)
      const count = () => countRows(api, filter)
      return { ...connectionOf(page, events, (event) => [event.seq], count), view, netuid: args.netuid }
    },
    event: async (_: unknown, args: { netuid: number; seq: string; log: LogName }, { api }: ApiContext) =>
      (await eventsBySeq(api.pool, args, [Number(args.seq)]))[0] ?? null,
  },
}

function filterOf(view: View, args: EventsArgs): SqlFilter {
  return new SqlFilter()
    .and('log = $?', args.log)
    .and('netuid = $?', args.netuid)
    .and('log_event.height <= $?', view.height)
    .and('type = any($?::text[])', args.types)
    .and(`actor = decode(substr($?, 3), 'hex')`, args.actor)
    .and('log_event.height >= $?', args.fromHeight)
    .and('log_event.height <= $?', args.toHeight)
}

async function countRows(api: ApiServices, filter: SqlFilter): Promise<number> {
  const { rows } = await api.pool.query(
    `select count(*)::int as n from log_event ${filter.where}`,
    filter.values,
  )
  return rows[0].n
}
