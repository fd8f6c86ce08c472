import { refuse } from '../graphql/api-error'
import type { PageArgs } from '../graphql/connection'
import type { ApiContext } from '../graphql/context'
import { SqlFilter } from '../graphql/sql-filter'
import { type AtInput, type View, viewAt } from '../head/view'
import { type At, endedBy, holdsAt, seen, type TenureRow } from '../read/rows'
import { CHAIN_ORDER, selectPage } from '../read/select-page'

export const neuronTypes = /* GraphQL */ `
  """
  One stretch of holding a uid: (netuid, subnet instance, uid, hotkey, from, to). A swap of the hotkey, a move to another uid
  and a swap of the coldkey begin a new one; registeredAt and lineage go on.
  """
  type Tenure {
    netuid: Int!
    subnetInstance: Int!
    uid: Int!
    hotkey: Account!
    coldkey: Account
    "Oldest hotkey of the swap chain within the subnet instance."
    lineage: Account!
    registeredAt: Int!
    "How it began: event, owner, snapshot, swapped, moved, coldkey-swapped."
    source: String!
    fromHeight: Int!
    fromTime: DateTime!
    "null while it holds."
    toHeight: Int
    "replaced, trimmed, dissolved, swapped, moved, coldkey-swapped."
    endReason: String
    seq: BigInt!
    "Whether the uid holds a validator permit at the block; null: the log tells no permits of the subnet, or the tenure has ended."
    validatorPermit: Boolean
    evidence: [Event!]! @listSize(assumed: 2)
    "The hotkey's latest commitment at this block."
    commitment: Commitment
    provenance: Provenance!
  }

  type TenureEdge { cursor: String! node: Tenure! }
  type TenureConnection {
    nodes: [Tenure!]!
    edges: [TenureEdge!]!
    pageInfo: PageInfo!
    totalCount: Int!
    provenance: Provenance!
  }

  "Who holds which uid at the block."
  type Metagraph {
    netuid: Int!
    height: Int!
    neurons: [Tenure!]! @listSize(assumed: 256)
    provenance: Provenance!
  }

  extend type Query {
    "The holder of a uid, or the uid of a hotkey, at the block."
    neuron(netuid: Int!, uid: Int, hotkey: Account, at: At): Tenure
    metagraph(netuid: Int!, at: At): Metagraph!
    "Registration history, in the order of the chain."
    tenures(
      netuid: Int!
      uid: Int
      hotkey: Account
      coldkey: Account
      lineage: Account
      subnetInstance: Int
      "Only those that hold at the block, or only those that have ended."
      holding: Boolean
      at: At
      first: Int
      after: String
      last: Int
      before: String
    ): TenureConnection!
  }
`

interface TenureArgs {
  readonly netuid: number
  readonly uid?: number | null
  readonly hotkey?: string | null
  readonly at?: AtInput | null
}

interface TenuresArgs extends TenureArgs, PageArgs {
  readonly coldkey?: string | null
  readonly lineage?: string | null
  readonly subnetInstance?: number | null
  readonly holding?: boolean | null
}

type Row = At<TenureRow>

const isHex = (column: string) => `${column} = decode(substr($?, 3), 'hex')`

export const neuronResolvers = {
  Query: {
    neuron: async (_: unknown, args: TenureArgs, { api }: ApiContext) => {
      if ((args.uid == null) === (args.hotkey == null)) {
        throw refuse('SL-API-ARGUMENTS', 'Name a neuron by uid or by hotkey.', 'Give one of the two.')
      }
      const view = viewAt(api, args.at)
      const filter = new SqlFilter()
        .and('netuid = $?', args.netuid)
        .and('uid = $?', args.uid)
        .and(isHex('hotkey'), args.hotkey)
        .and(holdsAt('$?'), view.height)
      const text = `select * from tenure ${filter.where} order by from_seq desc limit 1`
      const { rows } = await api.pool.query<TenureRow>(text, filter.values)
      return seen(rows, view)[0] ?? null
    },
    metagraph: async (_: unknown, args: TenureArgs, { api }: ApiContext) => {
      const view = viewAt(api, args.at)
      const { rows } = await api.pool.query<TenureRow>({
        name: 'metagraph',
        text: `select * from tenure where netuid = $1 and ${holdsAt('$2')} order by uid`,
        values: [args.netuid, view.height],
      })
      return { netuid: args.netuid, height: view.height, view, neurons: seen(rows, view) }
    },
    tenures: (_: unknown, args: TenuresArgs, { api }: ApiContext) => {
      const view = viewAt(api, args.at)
      return selectPage<TenureRow>(
        view,
        args.netuid,
        { table: 'tenure', key: CHAIN_ORDER },
        filterOf(args, view),
        args,
      )
    },
  },
  Tenure: {
    subnetInstance: (row: Row) => row.subnet_instance,
    registeredAt: (row: Row) => row.registered_at,
    fromHeight: (row: Row) => row.valid_from,
    fromTime: (row: Row) => row.block_time,
    toHeight: (row: Row) => (endedBy(row, row.view) ? row.valid_to : null),
    endReason: (row: Row) => (endedBy(row, row.view) ? row.end_reason : null),
    seq: (row: Row) => row.from_seq,
    validatorPermit: async (row: Row, _: unknown, { loaders }: ApiContext) => {
      if (endedBy(row, row.view)) return null
      const { uids, toldInstance } = await loaders.permits(row.view, row.netuid)
      return toldInstance === row.subnet_instance ? uids.has(row.uid) : null
    },
    evidence: (row: Row, _: unknown, context: ApiContext) =>
      context.loaders
        .events(row.netuid)
        .loadMany([row.from_seq, ...(endedBy(row, row.view) && row.to_seq !== null ? [row.to_seq] : [])]),
    commitment: (row: Row, _: unknown, context: ApiContext) =>
      context.loaders.commitments(row.view, row.netuid).load(`0x${row.hotkey.toString('hex')}`),
  },
}

function filterOf(args: TenuresArgs, view: View): SqlFilter {
  return new SqlFilter()
    .and('netuid = $?', args.netuid)
    .and('valid_from <= $?', view.height)
    .and('uid = $?', args.uid)
    .and(isHex('hotkey'), args.hotkey)
    .and(isHex('coldkey'), args.coldkey)
    .and(isHex('lineage'), args.lineage)
    .and('subnet_instance = $?', args.subnetInstance)
    .and('(valid_to is null or valid_to > $?)', args.holding === true ? view.height : null)
    .and('valid_to <= $?', args.holding === false ? view.height : null)
}
