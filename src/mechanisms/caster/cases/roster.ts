import { Type } from '@sinclair/typebox'
import { closed, NonNegative, open, rule, Text } from '../../case-rule'
import { beats } from '../beats'
import { rosterEmission, weightsByUid } from '../emission'
import { CASTER_TOP3_POLICY } from '../policy'
import { decideRoster, stepRoster } from '../roster'

const Names = Type.Array(Type.Union([Text, Type.Null()]), { minItems: 1, maxItems: 3 })
const named = (hotkey: string | null) => (hotkey === null ? null : { hotkey, artifactId: hotkey })

/** One challenger against the sticky top three (spec caster §7.2). */
export const step = rule(
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

/** Scored challengers one after another, in the order of their batch (spec caster §7.2). */
export const cascade = rule(
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

const DECIMALS = 12
const rounded = (weights: ReadonlyMap<number, number>) =>
  Object.fromEntries([...weights].map(([uid, weight]) => [uid, Number(weight.toFixed(DECIMALS))]))

/** Emission of a roster whose hotkeys may have left the metagraph (spec caster §7.4). */
export const deregistration = rule(
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

const Triple = Type.Tuple([Type.Number(), Type.Number(), Type.Number()])

/** Who is beaten under the two later rules (spec caster §7.3): totals as shares of the maximum, USD, milliseconds. */
export const dethrone = rule(
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
