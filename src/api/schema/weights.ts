import type { PayloadOf } from '../../log/catalogue'
import type { PageArgs } from '../graphql/connection'
import type { ApiContext } from '../graphql/context'
import { SqlFilter } from '../graphql/sql-filter'
import { type AtInput, type View, viewAt } from '../head/view'
import { type At, endedBy, type WeightCommitRow, type WeightSetRow } from '../read/rows'
import { CHAIN_ORDER, selectPage } from '../read/select-page'

export const weightTypes = /* GraphQL */ `
  "One target of a weight vector."
  type Weight {
    "uid at the block of the WeightsSet event."
    uid: Int!
    "Holder of that uid at that very event; null: nobody."
    hotkey: Account
    "As submitted (u16); null when only the stored vector is known."
    raw: Int
    "Max-upscaled to 65535, as the chain stores it."
    u16: Int!
  }

  "A weight vector of a validator, while it holds."
  type WeightSet {
    netuid: Int!
    subnetInstance: Int!
    mechanism: Int!
    "uid of the validator."
    uid: Int!
    "Hotkey of the validator; null: not known."
    hotkey: Account
    "set, batch, reveal, crv3, timelocked, unknown."
    source: String!
    "call: read from the call's arguments; storage: from the chain's storage at that block."
    valuesFrom: String!
    versionKey: BigInt
    weights: [Weight!]! @listSize(assumed: 256)
    "Event that set the vector; fromHeight is later when the row goes on after a swap or trim."
    setHeight: Int!
    setSeq: BigInt!
    blockHash: Hex!
    blockTime: DateTime!
    extrinsicIndex: Int
    eventIndex: Int
    fromHeight: Int!
    toHeight: Int
    "superseded, tenure-ended, swapped, moved, dissolved."
    endReason: String
    seq: BigInt!
    evidence: [Event!]! @listSize(assumed: 2)
    provenance: Provenance!
  }

  enum WeightCommitState { PENDING REVEALED EXPIRED }

  "Weights that were committed to, and what became of them."
  type WeightCommit {
    netuid: Int!
    subnetInstance: Int!
    mechanism: Int!
    hotkey: Account!
    uid: Int
    "hash, crv3, timelocked."
    kind: String!
    commitHash: Hex!
    revealRound: BigInt
    state: WeightCommitState!
    height: Int!
    blockHash: Hex!
    blockTime: DateTime!
    extrinsicIndex: Int
    eventIndex: Int
    "Block of the reveal or expiry."
    endHeight: Int
    "revealed, not-revealed-in-time, tenure-ended, hotkey-swapped, subnet-dissolved."
    endReason: String
    seq: BigInt!
    evidence: [Event!]! @listSize(assumed: 2)
    provenance: Provenance!
  }

  type WeightSetEdge { cursor: String! node: WeightSet! }
  type WeightSetConnection {
    nodes: [WeightSet!]!
    edges: [WeightSetEdge!]!
    pageInfo: PageInfo!
    totalCount: Int!
    provenance: Provenance!
  }
  type WeightCommitEdge { cursor: String! node: WeightCommit! }
  type WeightCommitConnection {
    nodes: [WeightCommit!]!
    edges: [WeightCommitEdge!]!
    pageInfo: PageInfo!
    totalCount: Int!
    provenance: Provenance!
  }

  extend type Query {
    "Weights set by validators up to the block; current: only those that hold at it."
    weightSets(
      netuid: Int!
      hotkey: Account
      uid: Int
      mechanism: Int
      current: Boolean
      at: At
      first: Int
      after: String
      last: Int
      before: String
    ): WeightSetConnection!
    weightCommits(
      netuid: Int!
      hotkey: Account
      uid: Int
      mechanism: Int
      state: WeightCommitState
      at: At
      first: Int
      after: String
      last: Int
      before: String
    ): WeightCommitConnection!
  }
`

interface WeightArgs extends PageArgs {
  readonly netuid: number
  readonly hotkey?: string | null
  readonly uid?: number | null
  readonly mechanism?: number | null
  readonly current?: boolean | null
  readonly state?: string | null
  readonly at?: AtInput | null
}

type SetRow = At<WeightSetRow>
type CommitRow = At<WeightCommitRow>

const filterOf = (args: WeightArgs, view: View) =>
  new SqlFilter()
    .and('netuid = $?', args.netuid)
    .and('valid_from <= $?', view.height)
    .and(`hotkey = decode(substr($?, 3), 'hex')`, args.hotkey)
    .and('uid = $?', args.uid)
    .and('mechanism = $?', args.mechanism)

/** State of a commit at the view's block is in whether it has ended there, and how. */
function withState(filter: SqlFilter, state: string | null | undefined, height: number): SqlFilter {
  if (state === 'PENDING') return filter.and('(valid_to is null or valid_to > $?)', height)
  return state ? filter.and('valid_to <= $?', height).and('state = $?', state) : filter
}

const common = {
  subnetInstance: (row: SetRow | CommitRow) => row.subnet_instance,
  blockHash: (row: SetRow | CommitRow) => row.block_hash,
  blockTime: (row: SetRow | CommitRow) => row.block_time,
  extrinsicIndex: (row: SetRow | CommitRow) => row.extrinsic_index,
  eventIndex: (row: SetRow | CommitRow) => row.event_index,
  endReason: (row: SetRow | CommitRow) => (endedBy(row, row.view) ? row.end_reason : null),
  seq: (row: SetRow | CommitRow) => row.from_seq,
}

const endSeq = (row: SetRow | CommitRow): number[] =>
  endedBy(row, row.view) && row.to_seq !== null ? [row.to_seq] : []

export const weightResolvers = {
  Query: {
    weightSets: (_: unknown, args: WeightArgs, { api }: ApiContext) => {
      const view = viewAt(api, args.at)
      const filter = filterOf(args, view)
        .and('(valid_to is null or valid_to > $?)', args.current === true ? view.height : null)
        .and('valid_to <= $?', args.current === false ? view.height : null)
      return selectPage<WeightSetRow>(
        view,
        args.netuid,
        { table: 'weight_set', key: CHAIN_ORDER },
        filter,
        args,
      )
    },
    weightCommits: (_: unknown, args: WeightArgs, { api }: ApiContext) => {
      const view = viewAt(api, args.at)
      const filter = withState(filterOf(args, view), args.state, view.height)
      return selectPage<WeightCommitRow>(
        view,
        args.netuid,
        { table: 'weight_commit', key: CHAIN_ORDER },
        filter,
        args,
      )
    },
  },
  WeightSet: {
    ...common,
    valuesFrom: (row: SetRow) => row.values_from,
    versionKey: (row: SetRow) => row.version_key,
    setHeight: (row: SetRow) => row.set_height,
    setSeq: (row: SetRow) => row.set_seq,
    fromHeight: (row: SetRow) => row.valid_from,
    toHeight: (row: SetRow) => (endedBy(row, row.view) ? row.valid_to : null),
    weights: async (row: SetRow, _: unknown, { loaders }: ApiContext) => {
      const { payload } = await loaders.events(row.netuid).load(row.set_seq)
      const { uids, hotkeys, raw, u16 } = payload as PayloadOf<'WeightsSet'>
      return uids.map((uid, i) => ({ uid, hotkey: hotkeys[i], raw: raw?.[i] ?? null, u16: u16[i] }))
    },
    evidence: (row: SetRow, _: unknown, { loaders }: ApiContext) =>
      loaders.events(row.netuid).loadMany([...new Set([row.set_seq, row.from_seq, ...endSeq(row)])]),
  },
  WeightCommit: {
    ...common,
    commitHash: (row: CommitRow) => row.commit_hash,
    revealRound: (row: CommitRow) => row.reveal_round,
    state: (row: CommitRow) => (endedBy(row, row.view) ? row.state : 'PENDING'),
    height: (row: CommitRow) => row.valid_from,
    endHeight: (row: CommitRow) => (endedBy(row, row.view) ? row.valid_to : null),
    evidence: (row: CommitRow, _: unknown, { loaders }: ApiContext) =>
      loaders.events(row.netuid).loadMany([row.from_seq, ...endSeq(row)]),
  },
}
