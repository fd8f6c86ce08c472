import type { PayloadOf } from '../../log/catalogue'
import type { PageArgs } from '../graphql/connection'
import type { ApiContext } from '../graphql/context'
import { shownText } from '../graphql/shown-text'
import { SqlFilter } from '../graphql/sql-filter'
import { type AtInput, viewAt } from '../head/view'
import { commitmentEvidence, readable, revealedAt, stateOf } from '../read/commitment-at'
import { type At, type CommitmentRow, endedBy } from '../read/rows'
import { CHAIN_ORDER, selectPage } from '../read/select-page'

export const commitmentTypes = /* GraphQL */ `
  enum CommitmentKind { PLAIN TIMELOCKED }

  enum CommitmentState {
    "Readable from the block of the commit on."
    PLAIN
    "Timelocked, its round has not come yet."
    PENDING
    REVEALED
    "Timelocked, and replaced or dissolved before its round: its content will never be known."
    CANCELLED
  }

  "One field, exactly as on chain."
  type CommitmentField {
    "Name of the chain's variant: Raw17, BlakeTwo256, TimelockEncrypted, BigRaw, …"
    kind: String!
    "Exact bytes; of a timelocked field the ciphertext, when known."
    hex: Hex
    "The bytes as UTF-8 when that is safe to show (no control, invisible or reordering characters); else null."
    text: String
    revealRound: BigInt
  }

  "One call of set_commitment that succeeded. Re-commits of the same bytes are commitments of their own."
  type Commitment {
    netuid: Int!
    subnetInstance: Int!
    hotkey: Account!
    "uid held at the commit; null when none."
    uid: Int
    "Oldest hotkey of the swap chain within the subnet instance."
    lineage: Account!
    kind: CommitmentKind!
    state: CommitmentState!
    "null: no reachable call or storage held them."
    fields: [CommitmentField!] @listSize(assumed: 3)
    "Content that is readable at this block: of a plain commitment its fields, of a revealed one the plaintext. Exact."
    hex: Hex
    "The same as UTF-8 when that is safe to show; else null: take hex."
    text: String
    "SHA-256 of that content."
    contentHash: Hex
    height: Int!
    blockHash: Hex!
    blockTime: DateTime!
    extrinsicIndex: Int
    eventIndex: Int
    "Number of the event in the chain log, and the cursor."
    seq: BigInt!
    revealRound: BigInt
    revealHeight: Int
    revealBlockHash: Hex
    revealBlockTime: DateTime
    revealSeq: BigInt
    "Whether it is the hotkey's latest one at this block."
    current: Boolean!
    "Block at which it stopped being that, and why: superseded, dissolved."
    endHeight: Int
    endReason: String
    "The log events behind it: the commit, its reveal, what ended it."
    evidence: [Event!]! @listSize(assumed: 3)
    provenance: Provenance!
  }

  type CommitmentEdge { cursor: String! node: Commitment! }
  type CommitmentConnection {
    nodes: [Commitment!]!
    edges: [CommitmentEdge!]!
    pageInfo: PageInfo!
    totalCount: Int!
    provenance: Provenance!
  }

  extend type Query {
    "Every commitment up to the block, in the order of the chain."
    commitments(
      netuid: Int!
      hotkey: Account
      lineage: Account
      uid: Int
      kind: CommitmentKind
      "SHA-256 of the readable content."
      contentHash: Hex
      "Only each hotkey's latest one."
      current: Boolean
      subnetInstance: Int
      fromHeight: Int
      toHeight: Int
      at: At
      first: Int
      after: String
      last: Int
      before: String
    ): CommitmentConnection!
  }
`

interface CommitmentsArgs extends PageArgs {
  readonly netuid: number
  readonly hotkey?: string | null
  readonly lineage?: string | null
  readonly uid?: number | null
  readonly kind?: string | null
  readonly contentHash?: string | null
  readonly current?: boolean | null
  readonly subnetInstance?: number | null
  readonly fromHeight?: number | null
  readonly toHeight?: number | null
  readonly at?: AtInput | null
}

type Row = At<CommitmentRow>
type Payload = PayloadOf<'Committed'> | PayloadOf<'CommitmentTimelocked'>
type Field = NonNullable<Payload['fields']>[number]

const hexOf = (bytes: Buffer | null) => (bytes === null ? null : `0x${bytes.toString('hex')}`)

const ifRevealed =
  <T>(of: (row: Row) => T) =>
  (row: Row): T | null =>
    revealedAt(row) ? of(row) : null

export const commitmentResolvers = {
  Query: {
    commitments: (_: unknown, args: CommitmentsArgs, { api }: ApiContext) => {
      const view = viewAt(api, args.at)
      return selectPage<CommitmentRow>(
        view,
        args.netuid,
        { table: 'commitment', key: CHAIN_ORDER },
        filterOf(args, view.height),
        args,
      )
    },
  },
  CommitmentField: {
    hex: (field: Field) => field.bytes,
    text: (field: Field) => (field.revealRound === null ? shownText(field.bytes) : null),
  },
  Commitment: {
    subnetInstance: (row: Row) => row.subnet_instance,
    state: stateOf,
    fields: async (row: Row, _: unknown, { loaders }: ApiContext) =>
      ((await loaders.events(row.netuid).load(row.from_seq)).payload as Payload).fields,
    hex: readable,
    text: (row: Row) => shownText(hexOf(readable(row))),
    contentHash: (row: Row) => (revealedAt(row) ? row.revealed_hash : row.content_hash),
    height: (row: Row) => row.valid_from,
    blockHash: (row: Row) => row.block_hash,
    blockTime: (row: Row) => row.block_time,
    extrinsicIndex: (row: Row) => row.extrinsic_index,
    eventIndex: (row: Row) => row.event_index,
    seq: (row: Row) => row.from_seq,
    revealRound: (row: Row) => row.reveal_round,
    revealHeight: ifRevealed((row) => row.reveal_height),
    revealBlockHash: ifRevealed((row) => row.reveal_block_hash),
    revealBlockTime: ifRevealed((row) => row.reveal_block_time),
    revealSeq: ifRevealed((row) => row.reveal_seq),
    current: (row: Row) => !endedBy(row, row.view),
    endHeight: (row: Row) => (endedBy(row, row.view) ? row.valid_to : null),
    endReason: (row: Row) => (endedBy(row, row.view) ? row.end_reason : null),
    evidence: (row: Row, _: unknown, { loaders }: ApiContext) =>
      loaders.events(row.netuid).loadMany(commitmentEvidence(row)),
  },
}

function filterOf(args: CommitmentsArgs, height: number): SqlFilter {
  return new SqlFilter()
    .and('netuid = $?', args.netuid)
    .and('valid_from <= $?', height)
    .and(`hotkey = decode(substr($?, 3), 'hex')`, args.hotkey)
    .and(`lineage = decode(substr($?, 3), 'hex')`, args.lineage)
    .and('uid = $?', args.uid)
    .and('kind = $?', args.kind)
    .and(
      `(content_hash = decode(substr($?, 3), 'hex')
        or (revealed_hash = decode(substr($?, 3), 'hex') and reveal_height <= ${Number(height)}))`,
      args.contentHash,
    )
    .and('(valid_to is null or valid_to > $?)', args.current === true ? height : null)
    .and('valid_to <= $?', args.current === false ? height : null)
    .and('subnet_instance = $?', args.subnetInstance)
    .and('valid_from >= $?', args.fromHeight)
    .and('valid_from <= $?', args.toHeight)
}
