import { refuse } from '../graphql/api-error'
import type { PageArgs } from '../graphql/connection'
import { contentHashFrom } from '../graphql/content'
import type { ApiContext } from '../graphql/context'
import { SqlFilter } from '../graphql/sql-filter'
import { type AtInput, type View, viewAt } from '../head/view'
import { firstOfContent, type Identity } from '../read/first-submission'
import { type FirstRule, type FirstSubmission, fromRow } from '../read/first-submission-row'
import { type FirstSubmissionRow, holdsAt } from '../read/rows'
import { selectPage } from '../read/select-page'

export const firstSubmissionTypes = /* GraphQL */ `
  enum FirstRule {
    "Who committed first counts: of a timelocked commitment the block in which its ciphertext was fixed."
    COMMIT
    "Who made content public first counts: a plain commitment does at its commit, a timelocked one at its reveal."
    REVEAL
  }

  enum Identity {
    "A swapped hotkey is a new participant."
    HOTKEY
    "A swap of the hotkey goes on with the first submission of the old one."
    LINEAGE
  }

  "A place in the chain's order (height, extrinsic, event), and the number of the event in the chain log."
  type ChainPoint {
    height: Int!
    blockHash: Hex!
    blockTime: DateTime!
    extrinsicIndex: Int
    eventIndex: Int
    seq: BigInt!
    "SHA-256 of the content readable there; null for a timelocked commit."
    contentHash: Hex
  }

  "The first submission of a hotkey (or lineage, or content) in the present instance of the subnet."
  type FirstSubmission {
    netuid: Int!
    subnetInstance: Int!
    hotkey: Account!
    "uid held at the commit."
    uid: Int
    "Oldest hotkey of the swap chain within the subnet instance."
    lineage: Account!
    "The rule by which it is first."
    rule: FirstRule!
    "null: committed before the first indexed block."
    commit: ChainPoint
    "Where its content became public; null: not yet."
    reveal: ChainPoint
    "SHA-256 of the content that became public, or that was committed in plain."
    contentHash: Hex
    "The commitment itself."
    commitment: Commitment
    "1 for the first of the subnet instance by the rule."
    rank: Int
    "The log events that prove it."
    evidence: [Event!]! @listSize(assumed: 2)
    provenance: Provenance!
  }

  type FirstSubmissionEdge { cursor: String! node: FirstSubmission! }
  type FirstSubmissionConnection {
    nodes: [FirstSubmission!]!
    edges: [FirstSubmissionEdge!]!
    pageInfo: PageInfo!
    totalCount: Int!
    provenance: Provenance!
  }

  extend type Query {
    "Each hotkey's first submission, the earliest first."
    firstSubmissions(
      netuid: Int!
      rule: FirstRule = COMMIT
      "Default: the instance of the subnet at the block."
      subnetInstance: Int
      at: At
      first: Int
      after: String
      last: Int
      before: String
    ): FirstSubmissionConnection!
    "The first submission of a hotkey, or the first of a content (text, 0x hex, or its SHA-256) by anyone."
    firstSubmission(
      netuid: Int!
      hotkey: Account
      "Text; or bytes as 0x and hex."
      content: String
      contentHash: Hex
      rule: FirstRule = COMMIT
      identity: Identity = HOTKEY
      at: At
    ): FirstSubmission
  }
`

interface FirstArgs {
  readonly netuid: number
  readonly hotkey?: string | null
  readonly content?: string | null
  readonly contentHash?: string | null
  readonly rule: FirstRule
  readonly identity: Identity
  readonly at?: AtInput | null
}

interface FirstsArgs extends PageArgs {
  readonly netuid: number
  readonly rule: FirstRule
  readonly subnetInstance?: number | null
  readonly at?: AtInput | null
}

export const firstSubmissionResolvers = {
  Query: {
    firstSubmission: (_: unknown, args: FirstArgs, { api }: ApiContext) => {
      const named = [args.hotkey, args.content, args.contentHash].filter((value) => value != null).length
      if (named !== 1) {
        throw refuse(
          'SL-API-ARGUMENTS',
          'Name a submission by hotkey, content or contentHash.',
          'Give one of the three.',
        )
      }
      const view = viewAt(api, args.at)
      if (args.hotkey != null)
        return api.firstSubmissions.ofHotkey(view, args.netuid, args.hotkey, args.rule, args.identity)
      return firstOfContent(view, args.netuid, contentHashFrom(args), args.rule)
    },
    firstSubmissions: async (_: unknown, args: FirstsArgs, { api }: ApiContext) => {
      const view = viewAt(api, args.at)
      const instance = args.subnetInstance ?? (await instanceAt(view, args.netuid))
      const seqColumn = args.rule === 'REVEAL' ? 'reveal_seq' : 'commit_seq'
      const filter = new SqlFilter()
        .and('netuid = $?', args.netuid)
        .and('subnet_instance = $?', instance)
        .and('valid_from <= $?', view.height)
        .and('reveal_height <= $?', args.rule === 'REVEAL' ? view.height : null)
        .when(args.rule === 'COMMIT', 'commit_seq >= 0')
      const source = { table: 'first_submission', key: [seqColumn] }
      const page = await selectPage<FirstSubmissionRow>(view, args.netuid, source, filter, args)
      const show = (row: FirstSubmissionRow) => fromRow(row, view, args.rule)
      return {
        ...page,
        nodes: page.nodes.map(show),
        edges: page.edges.map(({ node, cursor }) => ({ cursor, node: show(node) })),
      }
    },
  },
  FirstSubmission: {
    commitment: (first: FirstSubmission, _: unknown, { loaders }: ApiContext) =>
      first.commitmentId === null ? null : loaders.commitmentById(first.view).load(first.commitmentId),
    rank: (first: FirstSubmission) => rankOf(first),
    evidence: (first: FirstSubmission, _: unknown, { loaders }: ApiContext) =>
      loaders
        .events(first.netuid)
        .loadMany([...new Set([first.commit, first.reveal].flatMap((point) => point?.seq ?? []))]),
  },
}

/** The subnet's instance at the view's block; null when the subnet is not known there. */
async function instanceAt(view: View, netuid: number): Promise<number | null> {
  const { rows } = await view.api.pool.query<{ subnet_instance: number }>({
    name: 'instance_at',
    text: `select subnet_instance from subnet where netuid = $1 and ${holdsAt('$2')} order by from_seq desc limit 1`,
    values: [netuid, view.height],
  })
  return rows[0]?.subnet_instance ?? null
}

/** How many of the instance came before, plus one; counted along the index of the rule. */
async function rankOf(first: FirstSubmission): Promise<number | null> {
  const point = first.rule === 'REVEAL' ? first.reveal : first.commit
  if (!point) return null
  const column = first.rule === 'REVEAL' ? 'reveal_seq' : 'commit_seq'
  const { rows } = await first.view.api.pool.query<{ rank: number }>({
    name: `rank_by_${column}`,
    text: `select count(*)::int + 1 as rank from first_submission
      where netuid = $1 and subnet_instance = $2 and ${column} >= 0 and ${column} < $3`,
    values: [first.netuid, first.subnetInstance, point.seq],
  })
  return rows[0]!.rank
}
