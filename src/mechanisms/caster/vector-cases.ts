import { type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { sha256Hex } from '../sha256-hex'
import { aggregate } from './aggregation'
import { curate } from './batch'
import { beats } from './beats'
import { charge, costOf } from './budget'
import { rosterEmission, weightsByUid } from './emission'
import { functioning } from './functioning'
import { grade } from './grading'
import { CASTER_TOP3_POLICY } from './policy'
import { hydrate, receiptHash } from './receipts'
import { decideRoster, stepRoster } from './roster'
import { signingMessage } from './signing'
import { isWindowOpen, weightCall } from './submit-weights'
import { verdictSetFault } from './task-contract'

// biome-ignore lint/suspicious/noExplicitAny: cases are data of many shapes, checked by the rule's schema before use
export type Case = Record<string, any>

export interface CaseRule {
  readonly name: string
  readonly tells: (entry: Case) => boolean
  readonly fault: (entry: Case) => string | undefined
  readonly decide: (entry: Case) => Case
}

const open = { additionalProperties: true }
/** Without it a record checks only the keys that its pattern matches. */
const closed = { additionalProperties: false }
const Text = Type.String()
const NonNegative = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Names = Type.Array(Type.Union([Text, Type.Null()]), { minItems: 1, maxItems: 3 })
const DECIMALS = 12

function rule(
  name: string,
  fields: readonly string[],
  schema: TSchema,
  decide: CaseRule['decide'],
): CaseRule {
  return {
    name,
    tells: (entry) => fields.every((field) => field in entry),
    fault(entry) {
      if (Value.Check(schema, entry)) return undefined
      const [fault] = Value.Errors(schema, entry)
      return `${fault?.path || '/'}: ${fault?.message ?? 'unreadable'}`
    },
    decide,
  }
}

const named = (hotkey: string | null) => (hotkey === null ? null : { hotkey, artifactId: hotkey })
const rounded = (weights: ReadonlyMap<number, number>) =>
  Object.fromEntries([...weights].map(([uid, weight]) => [uid, Number(weight.toFixed(DECIMALS))]))

const step = rule(
  'roster step',
  ['before', 'challenger'],
  Type.Object(
    { before: Names, challenger: Text, beats_top1: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])) },
    open,
  ),
  ({ before, challenger, beats_top1 = null }) => {
    const roster = before.map(named)
    // Nobody to beat: the bootstrap of an empty roster.
    const { roster: after, effect } = stepRoster(
      roster,
      { hotkey: challenger, artifactId: challenger },
      beats_top1 ?? roster[0] === null,
    )
    return { after: after.map((entry) => entry?.hotkey ?? null), effect }
  },
)

const cascade = rule(
  'roster cascade',
  ['order'],
  Type.Object(
    {
      order: Type.Array(Text),
      scores: Type.Optional(Type.Record(Text, Type.Number(), closed)),
      totals: Type.Optional(Type.Record(Text, Type.Number(), closed)),
      before: Type.Optional(Names),
      margin: Type.Optional(Type.Number()),
    },
    open,
  ),
  (entry) => {
    const totals = (entry.scores ?? entry.totals ?? {}) as Record<string, number>
    const before = (
      entry.before ?? [Object.keys(totals).find((name) => !entry.order.includes(name)) ?? null, null, null]
    ).map(named)
    const sitting = before.flatMap((seat: { hotkey: string } | null) =>
      seat && !entry.order.includes(seat.hotkey) ? [seat.hotkey] : [],
    )
    const candidates = [...sitting, ...entry.order].map((hotkey: string, index) => ({
      hotkey,
      artifactId: hotkey,
      uid: index + 1,
      submittedAtMs: index,
      total: totals[hotkey] ?? 0,
      maximum: Number.MAX_SAFE_INTEGER,
    }))
    const policy = {
      ...CASTER_TOP3_POLICY,
      beats: { kind: 'relative_margin', margin: entry.margin ?? 0 },
    } as const
    const { roster, comparisons } = decideRoster(before, candidates, policy)
    const final = roster.map((seat) => seat?.hotkey ?? null)
    return {
      after: final,
      comparisons: comparisons.map(({ challenger, incumbent, needed, beats: isBeaten, effect }) => ({
        challenger: challenger.hotkey,
        challenger_total: challenger.total,
        incumbent: incumbent?.hotkey ?? null,
        incumbent_total: incumbent?.total ?? null,
        needed,
        beats: isBeaten,
        effect,
      })),
    }
  },
)

const deregistration = rule(
  'deregistration',
  ['roster', 'uids', 'shares'],
  Type.Object(
    {
      roster: Names,
      uids: Type.Record(Text, NonNegative, closed),
      shares: Type.Array(Type.Number({ minimum: 0 })),
      policy: Text,
    },
    open,
  ),
  ({ roster, uids, shares, policy }) => {
    const absent = policy === 'any' ? 'redirect_to_burn' : policy
    return {
      weights: rounded(
        weightsByUid(rosterEmission(roster.map(named), uids, { shares, absent }), CASTER_TOP3_POLICY.burnUid),
      ),
    }
  },
)

const grading = rule(
  'grading',
  ['miner_verdict', 'reference_verdict'],
  Type.Object(
    {
      miner_verdict: Type.Integer(),
      reference_verdict: Type.Integer(),
      support_ok: Type.Union([Type.Boolean(), Type.Null()]),
    },
    open,
  ),
  ({ miner_verdict, reference_verdict, support_ok }) => {
    // The vectors mark a failed run by an unknown support; its placeholder verdict is not an answer.
    const answer =
      support_ok === null
        ? ({ status: 'failed', errorCode: 'execution failed' } as const)
        : ({ status: 'answered', verdict: miner_verdict } as const)
    const { verdictScore, supportScore, total, isGraderCalled } = grade(answer, reference_verdict, support_ok)
    return { verdict_score: verdictScore, support_score: supportScore, total, grader_called: isGraderCalled }
  },
)

const verdictSet = rule(
  'verdict set',
  ['values'],
  Type.Object({ values: Type.Array(Type.Number()) }, open),
  ({ values }) => {
    const fault = verdictSetFault(values)
    return fault === undefined ? { valid: true } : { valid: false, why: fault }
  },
)

const citations = rule(
  'citations',
  ['receipts', 'citations'],
  Type.Object(
    {
      receipts: Type.Record(
        Text,
        Type.Object(
          {
            session: Text,
            tool: Text,
            policy: Text,
            results: Type.Record(Text, Type.Object({}, open), closed),
          },
          open,
        ),
        closed,
      ),
      citations: Type.Array(Type.Object({ receipt_id: Text, result_id: Text }, open)),
      session: Type.Optional(Text),
    },
    open,
  ),
  (entry) => ({
    ...hydrate(
      entry.citations,
      entry.session ?? /session (\S+)/.exec(typeof entry.topic === 'string' ? entry.topic : '')?.[1] ?? 'S1',
      entry.receipts,
    ),
  }),
)

const signing = rule(
  'signing message',
  ['method', 'path_qs', 'body'],
  Type.Object({ method: Text, path_qs: Text, body: Text }, open),
  ({ method, path_qs, body }) => {
    const message = signingMessage({ method, pathQs: path_qs, body })
    return { body_sha256: sha256Hex(body), message, message_sha256: sha256Hex(message) }
  },
)

const MICRO = 1_000_000
const toMicro = (usd: number) => BigInt(Math.round(usd * MICRO))
const toUsd = (micro: bigint) => Number(micro) / MICRO

/** Far above any session, and small enough to be exact in micro-USD. */
const Usd = Type.Number({ minimum: 0, maximum: 1_000_000 })

const budget = rule(
  'budget',
  ['sequence'],
  Type.Object(
    {
      sequence: Type.Array(Type.Object({ call: Text, cost: Usd }, open)),
      limit_usd: Type.Optional(Usd),
      llm_costs: Type.Optional(
        Type.Array(
          Type.Object(
            { model: Text, prompt: NonNegative, completion: NonNegative, reasoning: NonNegative },
            open,
          ),
        ),
      ),
      receipt_hashes: Type.Optional(Type.Object({ request: Type.Unknown(), response: Type.Unknown() }, open)),
    },
    open,
  ),
  (entry) => {
    const limitMicroUsd =
      entry.limit_usd === undefined
        ? BigInt(CASTER_TOP3_POLICY.sessionBudgetMicroUsd)
        : toMicro(entry.limit_usd)
    let state = { limitMicroUsd, usedMicroUsd: 0n }
    const sequence = entry.sequence.map(({ call, cost }: Case) => {
      const step = charge(state, toMicro(cost))
      state = step.budget
      return { call, cost, accepted: step.accepted, used_after: toUsd(state.usedMicroUsd) }
    })
    const llm_costs = (entry.llm_costs ?? []).map(({ model, prompt, completion, reasoning }: Case) => {
      const cost = costOf({
        tool: 'llm_chat',
        model,
        inputTokens: prompt,
        outputTokens: completion,
        reasoningTokens: reasoning,
      })
      return { model, prompt, completion, reasoning, usd: cost === undefined ? null : toUsd(cost) }
    })
    const hashes = entry.receipt_hashes
    return {
      sequence,
      llm_costs,
      ...(hashes
        ? {
            receipt_hashes: {
              request_hash: receiptHash(hashes.request),
              response_hash: receiptHash(hashes.response),
            },
          }
        : {}),
    }
  },
)

const functioningRule = rule(
  'functioning',
  ['registered_at', 'asked_at'],
  Type.Object(
    { registered_at: Text, asked_at: Text, last_success_at: Type.Union([Text, Type.Null()]) },
    open,
  ),
  ({ registered_at, last_success_at, asked_at }) => {
    const clock = {
      firstRegisteredAtMs: Date.parse(registered_at),
      lastSuccessAtMs: last_success_at === null ? null : Date.parse(last_success_at),
    }
    const state = functioning(clock, Date.parse(asked_at), CASTER_TOP3_POLICY)
    return {
      functioning: state.functioning,
      weights_status: state.functioning ? 200 : 403,
      reason: state.reason,
      hours_left: state.hoursLeft,
    }
  },
)

const weights = rule(
  'weights',
  ['input'],
  Type.Object({ input: Type.Record(Text, Type.Number(), closed) }, open),
  ({ input }) => {
    const call = weightCall(
      new Map(Object.entries(input).map(([uid, weight]) => [Number(uid), weight as number])),
    )
    if (typeof call === 'string') return { result: `error: ${call}` }
    return {
      uids: call.uids,
      weights: call.weights,
      u16: Object.fromEntries(call.u16.uids.map((uid, index) => [uid, call.u16.values[index]!])),
    }
  },
)

const windowRule = rule(
  'window',
  ['last_update', 'block'],
  Type.Object({ last_update: Type.Union([NonNegative, Type.Null()]), block: NonNegative }, open),
  ({ last_update, block }) => ({ open: isWindowOpen(last_update, block, CASTER_TOP3_POLICY.windowBlocks) }),
)

const Triple = Type.Tuple([Type.Number(), Type.Number(), Type.Number()])

const dethrone = rule(
  'dethrone',
  ['incumbent', 'challenger'],
  Type.Object({ incumbent: Triple, challenger: Triple }, open),
  ({ incumbent, challenger }) => {
    const standing = ([total, costUsd, runtimeMs]: number[]) => ({
      total: total!,
      maximum: 1,
      costUsd: costUsd!,
      runtimeMs: runtimeMs!,
    })
    const judge = (kind: 'ratio20' | 'points10', gain: Record<string, string>) => {
      const { beats: isBeaten, cause } = beats(standing(challenger), standing(incumbent), {
        kind,
        isOtherDimensionGuarded: true,
      })
      return isBeaten ? `dethroned (${gain[cause!]})` : 'kept'
    }
    return {
      ratio20: judge('ratio20', {
        score: 'score +20 percent',
        cost: 'cost -20 percent',
        runtime: 'runtime -20 percent',
      }),
      points10: judge('points10', {
        score: 'score +10 points',
        cost: 'cost -10 percent',
        runtime: 'runtime -10 percent',
      }),
    }
  },
)

const aggregation = rule(
  'aggregation',
  ['validators'],
  Type.Object(
    {
      validators: Type.Record(
        Text,
        Type.Record(Text, Type.Record(Text, Type.Union([Type.Number(), Type.Null()]), closed), closed),
        closed,
      ),
    },
    open,
  ),
  ({ validators }) => {
    const reports = Object.entries(
      validators as Record<string, Record<string, Record<string, number | null>>>,
    )
    const artifacts = [...new Set(reports.flatMap(([, report]) => Object.keys(report)))]
    const tasks = [
      ...new Set(reports.flatMap(([, report]) => Object.values(report).flatMap((row) => Object.keys(row)))),
    ]
    const matrices = reports.map(([validator, report]) => ({
      validator,
      scores: artifacts.map((a) => (report[a] ? tasks.map((t) => report[a]![t] ?? null) : null)),
    }))
    const result = aggregate(matrices, artifacts.length, tasks.length)
    return {
      validators_counted: result.counted,
      validators_excluded: result.excluded,
      artifacts: Object.fromEntries(
        result.artifacts.map((own, index) => [
          artifacts[index]!,
          {
            medians: Object.fromEntries(tasks.map((t, j) => [t, own.medians[j]!])),
            total: own.total,
            score: own.score,
          },
        ]),
      ),
    }
  },
)

const curation = rule(
  'curation',
  ['reference', 'champion'],
  Type.Object(
    {
      reference: Type.Array(Type.Number()),
      champion: Type.Union([Type.Null(), Type.Array(Type.Union([Type.Number(), Type.Null()]))]),
    },
    open,
  ),
  ({ reference, champion }) => {
    const claims =
      champion &&
      reference.map((verdict: number, index: number) => ({
        reference: verdict,
        champion: champion[index] ?? null,
      }))
    const { accepted, wrong, total, wrongShare } = curate(
      claims,
      CASTER_TOP3_POLICY.curationWrongShare,
      reference.length,
    )
    return { accepted, wrong, total, wrong_share: wrongShare }
  },
)

/** Asked in this order: the more specific fields come first. */
export const CASE_RULES: readonly CaseRule[] = [
  step,
  cascade,
  deregistration,
  grading,
  verdictSet,
  citations,
  signing,
  budget,
  functioningRule,
  dethrone,
  weights,
  windowRule,
  aggregation,
  curation,
]
