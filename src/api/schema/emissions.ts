import type { PageArgs } from '../graphql/connection'
import type { ApiContext } from '../graphql/context'
import { SqlFilter } from '../graphql/sql-filter'
import { type AtInput, viewAt } from '../head/view'
import type { At, EmissionRow } from '../read/rows'
import { selectPage } from '../read/select-page'

export const emissionTypes = /* GraphQL */ `
  "What one uid was paid at one epoch."
  type Emission {
    netuid: Int!
    subnetInstance: Int!
    mechanism: Int!
    uid: Int!
    "Holder of the uid at the event; null: nobody."
    hotkey: Account
    "Alpha, in rao."
    amountRao: BigInt!
    "Block of the epoch."
    height: Int!
    blockTime: DateTime!
    "Number of the EpochEmitted event in the chain log; the same for all uids of the epoch."
    seq: BigInt!
    provenance: Provenance!
  }

  type EmissionEdge { cursor: String! node: Emission! }
  type EmissionConnection {
    nodes: [Emission!]!
    edges: [EmissionEdge!]!
    pageInfo: PageInfo!
    totalCount: Int!
    provenance: Provenance!
  }

  extend type Query {
    "Emissions up to the block, by epoch and uid."
    emissions(
      netuid: Int!
      hotkey: Account
      uid: Int
      mechanism: Int
      fromHeight: Int
      toHeight: Int
      at: At
      first: Int
      after: String
      last: Int
      before: String
    ): EmissionConnection!
  }
`

interface EmissionsArgs extends PageArgs {
  readonly netuid: number
  readonly hotkey?: string | null
  readonly uid?: number | null
  readonly mechanism?: number | null
  readonly fromHeight?: number | null
  readonly toHeight?: number | null
  readonly at?: AtInput | null
}

type Row = At<EmissionRow>

export const emissionResolvers = {
  Query: {
    emissions: (_: unknown, args: EmissionsArgs, { api }: ApiContext) => {
      const view = viewAt(api, args.at)
      const filter = new SqlFilter()
        .and('netuid = $?', args.netuid)
        .and('valid_from <= $?', view.height)
        .and(`hotkey = decode(substr($?, 3), 'hex')`, args.hotkey)
        .and('uid = $?', args.uid)
        .and('mechanism = $?', args.mechanism)
        .and('valid_from >= $?', args.fromHeight)
        .and('valid_from <= $?', args.toHeight)
      const source = { table: 'emission', key: ['valid_from', 'from_seq', 'uid'] }
      return selectPage<EmissionRow>(view, args.netuid, source, filter, args)
    },
  },
  Emission: {
    subnetInstance: (row: Row) => row.subnet_instance,
    amountRao: (row: Row) => row.amount,
    height: (row: Row) => row.valid_from,
    blockTime: (row: Row) => row.block_time,
    seq: (row: Row) => row.from_seq,
  },
}
