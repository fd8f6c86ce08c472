import { auditStored, pointOf } from '../../engine/audit'
import { MAIN_MECHANISM } from '../../engine/decide-at'
import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { readEvents } from '../../log/read'
import type { Versioned } from '../../mechanisms/policy-history'
import { readBlob } from '../../platform/core/blobs'
import { SqlRows } from '../../projections/core/sql-rows'
import { refuse } from '../graphql/api-error'
import type { PageArgs } from '../graphql/connection'
import type { ApiContext, ApiServices } from '../graphql/context'
import { SqlFilter } from '../graphql/sql-filter'
import { type AtInput, viewAt } from '../head/view'
import { type At, holdsAt, type Segment } from '../read/rows'
import { CHAIN_ORDER, selectPage } from '../read/select-page'
import { standAt } from '../read/stand-at'

export const decisionTypes = /* GraphQL */ `
  "Share of one hotkey, without the burn."
  type Share { hotkey: Account! uid: Int! share: Float! }

  "One weight to put on chain."
  type RecommendedWeight {
    uid: Int!
    "u16, the largest is 65535."
    value: Int!
    "Who held the uid at the decision; a validator refuses when it changed hands."
    hotkey: Account
  }

  "A field of a policy whose value nobody ever published: ours is a choice."
  type UnpublishedRule {
    "JSON pointer into the policy."
    path: String!
    "What is not known, and what the default does instead."
    note: String!
  }

  extend type Policy {
    "What in this policy was never published."
    unpublished: [UnpublishedRule!]! @listSize(assumed: 8)
  }

  "Whether a decision, computed again from the logs, is the recorded one."
  type Audit {
    equal: Boolean!
    "JSON pointer of the first value that differs."
    firstDifference: String
    recorded: JSON
    recomputed: JSON
  }

  "What a mechanism decided at a block, under which policy, from which logs."
  type Decision {
    netuid: Int!
    system: String!
    mechanism: Int!
    "Number in the engine log."
    seq: BigInt!
    "Block of the view that it was decided on."
    height: Int!
    blockTime: DateTime!
    "Epoch that asked for it; null: an event of the platform did."
    epoch: Int
    "Block in which that epoch runs."
    epochEndsAt: Int
    policyId: String!
    "How it ended: weights, burn_only, …; the mechanism's document lists all."
    outcome: String!
    shares: [Share!]! @listSize(assumed: 16)
    "Share that is burned."
    burn: Float!
    "What to put on chain; empty: make no call."
    weights: [RecommendedWeight!]! @listSize(assumed: 16)
    "SHA-256 over the canonical JSON of the view."
    viewDigest: String!
    "The next decision's block; null while this one holds."
    toHeight: Int
    "The policy itself."
    policy: JSON!
    "What in that policy was never published."
    unpublished: [UnpublishedRule!]! @listSize(assumed: 8)
    "Everything that shows why: scores, frontier, points, comparisons."
    evidence: JSON!
    "Why one hotkey, submission or script won or lost, in numbers."
    explain(subject: String!): JSON
    "The decision computed again from the logs."
    audit: Audit!
    event: Event!
    provenance: Provenance!
  }
  type DecisionEdge { cursor: String! node: Decision! }
  type DecisionConnection {
    nodes: [Decision!]!
    edges: [DecisionEdge!]!
    pageInfo: PageInfo!
    totalCount: Int!
    provenance: Provenance!
  }

  extend type Query {
    "The decision that holds at the block: which weights to set, for any subnet system; null before the first."
    weights(netuid: Int!, at: At): Decision
    decisions(netuid: Int!, at: At, first: Int, after: String, last: Int, before: String): DecisionConnection!
    "One decision by its number in the engine log."
    decision(netuid: Int!, seq: BigInt!): Decision
    "Why a hotkey, submission or script stands where it stands at the block; computed now, nothing is recorded."
    explain(netuid: Int!, subject: String!, at: At): JSON
    "The decision as it would be with a change: JSON text with policy (in part) and scores. Nothing is recorded."
    whatIf(netuid: Int!, change: String!, at: At): JSON
  }
`

interface DecisionRow extends Segment {
  readonly mechanism: number
  readonly system: string
  readonly epoch: number | null
  readonly epoch_ends_at: number | null
  readonly policy_id: string
  readonly outcome: string
  readonly burn: string
  readonly shares: readonly unknown[]
  readonly u16: readonly { readonly uid: number; readonly value: number }[]
  readonly holders: readonly { readonly uid: number; readonly hotkey: string | null }[]
  readonly view_digest: string
}
type Row = At<DecisionRow>

interface PolicyRow {
  readonly system: string
  readonly policy: unknown
}

interface NetuidArgs extends PageArgs {
  readonly netuid: number
  readonly at?: AtInput | null
}

const SOURCE = { table: 'decision', key: CHAIN_ORDER }

async function eventOf({ netuid, from_seq: seq }: Row, api: ApiServices): Promise<LogEvent> {
  const [event] = await readEvents(api.pool, { log: 'engine', netuid, fromSeq: seq, limitEvents: 1 })
  return event!
}

const payloadOf = async (row: Row, { api }: ApiContext) =>
  (await eventOf(row, api)).payload as PayloadOf<'DecisionMade'>

/** Longest `change` of `whatIf` (characters). */
const CHANGE_MAX_CHARS = 20_000

function changeFrom(text: string): unknown {
  try {
    if (text.length <= CHANGE_MAX_CHARS) return JSON.parse(text)
  } catch {
    // Falls through to the one message.
  }
  throw refuse('SL-API-VALUE', 'The change is not JSON.', 'Give {"policy": {…}, "scores": […]} as text.')
}

async function holding(api: ApiServices, args: NetuidArgs): Promise<Row | null> {
  const view = viewAt(api, args.at)
  const filter = new SqlFilter()
    .and('netuid = $?', args.netuid)
    .and('mechanism = $?', MAIN_MECHANISM)
    .when(true, holdsAt(String(Number(view.height))))
  const { nodes } = await selectPage<DecisionRow>(view, args.netuid, SOURCE, filter, { last: 1 })
  return nodes[0] ?? null
}

export const decisionResolvers = {
  Query: {
    weights: (_: unknown, args: NetuidArgs, { api }: ApiContext) => holding(api, args),
    decisions: (_: unknown, args: NetuidArgs, { api }: ApiContext) => {
      const view = viewAt(api, args.at)
      const filter = new SqlFilter().and('netuid = $?', args.netuid).and('valid_from <= $?', view.height)
      return selectPage<DecisionRow>(view, args.netuid, SOURCE, filter, args)
    },
    async decision(_: unknown, args: { netuid: number; seq: string }, { api }: ApiContext) {
      const filter = new SqlFilter().and('netuid = $?', args.netuid).and('from_seq = $?', args.seq)
      const page = await selectPage<DecisionRow>(viewAt(api, null), args.netuid, SOURCE, filter, { first: 1 })
      return page.nodes[0] ?? null
    },
    async explain(_: unknown, args: NetuidArgs & { subject: string }, { api }: ApiContext) {
      const { system, source, policy } = await standAt(api, args.netuid, viewAt(api, args.at))
      return system.explain(source, policy, args.subject)
    },
    async whatIf(_: unknown, args: NetuidArgs & { change: string }, { api }: ApiContext) {
      const change = changeFrom(args.change)
      const { system, source, policy } = await standAt(api, args.netuid, viewAt(api, args.at))
      return system.whatIf(source, policy, change)
    },
  },
  Policy: {
    unpublished: ({ system, policy }: PolicyRow, _: unknown, { api }: ApiContext) =>
      api.systems.named(system)?.unpublished(policy) ?? [],
  },
  Decision: {
    seq: (row: Row) => row.from_seq,
    height: (row: Row) => row.valid_from,
    blockTime: (row: Row) => row.block_time,
    epochEndsAt: (row: Row) => row.epoch_ends_at,
    policyId: (row: Row) => row.policy_id,
    burn: (row: Row) => Number(row.burn),
    weights: (row: Row) =>
      row.u16.map(({ uid, value }) => ({
        uid,
        value,
        hotkey: row.holders.find((holder) => holder.uid === uid)?.hotkey ?? null,
      })),
    viewDigest: (row: Row) => row.view_digest,
    toHeight: (row: Row) => (row.valid_to !== null && row.valid_to <= row.view.height ? row.valid_to : null),
    policy: async (row: Row, _: unknown, context: ApiContext) => (await payloadOf(row, context)).policy,
    async unpublished(row: Row, _: unknown, context: ApiContext) {
      const { policy } = await payloadOf(row, context)
      return context.api.systems.named(row.system)?.unpublished(policy) ?? []
    },
    async evidence(row: Row, _: unknown, context: ApiContext) {
      const { evidence } = await payloadOf(row, context)
      const bytes = await readBlob(context.api.pool, evidence.sha256)
      return bytes === null ? null : JSON.parse(bytes.toString())
    },
    async explain(row: Row, { subject }: { subject: string }, { api }: ApiContext) {
      const event = await eventOf(row, api)
      const { policy } = event.payload as PayloadOf<'DecisionMade'>
      const source = new SqlRows(api.pool, pointOf(event), api.systems.originOf)
      return api.systems.of(row.netuid).explain(source, policy as Versioned, subject)
    },
    audit: ({ netuid, from_seq: seq }: Row, _: unknown, { api }: ApiContext) =>
      auditStored(api.pool, api.systems.of(netuid), api.systems.originOf, { netuid, seq }),
    event: (row: Row, _: unknown, { api }: ApiContext) => eventOf(row, api),
  },
}
