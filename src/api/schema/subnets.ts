import type { ApiContext } from '../graphql/context'
import { type AtInput, type View, viewAt } from '../head/view'
import { type At, endedBy, type HyperparameterRow, holdsAt, type SubnetRow, seen } from '../read/rows'

export const subnetTypes = /* GraphQL */ `
  "One use of a netuid, from its registration to its dissolution."
  type Subnet {
    netuid: Int!
    "Block at which this use of the netuid was registered (0: at genesis)."
    subnetInstance: Int!
    modality: Int!
    ownerColdkey: Account
    ownerHotkey: Account
    "event: seen registering; snapshot: existed before the first indexed block."
    source: String!
    fromHeight: Int!
    toHeight: Int
    endReason: String
    hyperparameters: [Hyperparameter!]! @listSize(assumed: 40)
    evidence: [Event!]! @listSize(assumed: 2)
    provenance: Provenance!
  }

  type Hyperparameter {
    netuid: Int!
    subnetInstance: Int!
    name: String!
    "Integers as decimal strings, flags as booleans."
    value: JSON!
    "event, or snapshot (read at the first indexed block)."
    source: String!
    fromHeight: Int!
    toHeight: Int
    endReason: String
    evidence: [Event!]! @listSize(assumed: 2)
    provenance: Provenance!
  }

  extend type Query {
    "The subnet that uses the netuid at the block."
    subnet(netuid: Int!, at: At): Subnet
    "All subnets at the block."
    subnets(at: At): [Subnet!]! @listSize(assumed: 130)
    "Values at the block; with a name and history: true, every value it has had up to it."
    hyperparameters(netuid: Int!, name: String, history: Boolean = false, at: At): [Hyperparameter!]! @listSize(assumed: 60)
  }
`

/** Rows of an unpaged list; a chain has fewer subnets and a subnet fewer parameters. */
const MAX_LIST_ROWS = 2_000

interface HyperparameterArgs {
  readonly netuid: number
  readonly name?: string | null
  readonly history?: boolean | null
  readonly at?: AtInput | null
}

async function subnetsAt(view: View, netuid: number | null): Promise<At<SubnetRow>[]> {
  const { rows } = await view.api.pool.query<SubnetRow>({
    name: 'subnets_at',
    text: `select * from subnet where ($1::int is null or netuid = $1) and ${holdsAt('$2')}
      order by netuid, from_seq limit ${MAX_LIST_ROWS}`,
    values: [netuid, view.height],
  })
  return seen(rows, view)
}

async function hyperparametersAt(view: View, args: HyperparameterArgs): Promise<At<HyperparameterRow>[]> {
  const { rows } = await view.api.pool.query<HyperparameterRow>({
    name: 'hyperparameters_at',
    text: `select * from hyperparameter where netuid = $1 and ($3::text is null or name = $3)
      and valid_from <= $2 and ($4 or valid_to is null or valid_to > $2)
      order by name, from_seq limit ${MAX_LIST_ROWS}`,
    values: [args.netuid, view.height, args.name ?? null, args.history ?? false],
  })
  return seen(rows, view)
}

type Ended = At<SubnetRow> | At<HyperparameterRow>

const segmentFields = {
  subnetInstance: (row: Ended) => row.subnet_instance,
  fromHeight: (row: Ended) => row.valid_from,
  toHeight: (row: Ended) => (endedBy(row, row.view) ? row.valid_to : null),
  endReason: (row: Ended) => (endedBy(row, row.view) ? row.end_reason : null),
  evidence: (row: Ended, _: unknown, { loaders }: ApiContext) =>
    loaders
      .events(row.netuid)
      .loadMany([row.from_seq, ...(endedBy(row, row.view) && row.to_seq !== null ? [row.to_seq] : [])]),
}

export const subnetResolvers = {
  Query: {
    subnet: async (_: unknown, args: { netuid: number; at?: AtInput | null }, { api }: ApiContext) =>
      (await subnetsAt(viewAt(api, args.at), args.netuid)).at(-1) ?? null,
    subnets: (_: unknown, args: { at?: AtInput | null }, { api }: ApiContext) =>
      subnetsAt(viewAt(api, args.at), null),
    hyperparameters: (_: unknown, args: HyperparameterArgs, { api }: ApiContext) =>
      hyperparametersAt(viewAt(api, args.at), args),
  },
  Subnet: {
    ...segmentFields,
    ownerColdkey: (row: At<SubnetRow>) => row.owner_coldkey,
    ownerHotkey: (row: At<SubnetRow>) => row.owner_hotkey,
    hyperparameters: (row: At<SubnetRow>) => hyperparametersAt(row.view, { netuid: row.netuid }),
  },
  Hyperparameter: segmentFields,
}
