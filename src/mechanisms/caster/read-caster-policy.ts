import { Type } from '@sinclair/typebox'
import { checkPolicy } from '../read-policy'
import { type CasterPolicy, placesOf } from './policy'

const closed = { additionalProperties: false }
const Share = Type.Number({ minimum: 0, maximum: 1 })
const Count = Type.Integer({ minimum: 0 })
const oneOf = (...values: string[]) => Type.Union(values.map((value) => Type.Literal(value)))

const Schema = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    effectiveFromBlock: Count,
    roster: oneOf('top3', 'champion'),
    beats: Type.Union([
      Type.Object({ kind: Type.Literal('relative_margin'), margin: Type.Number({ minimum: 0 }) }, closed),
      Type.Object({ kind: Type.Literal('ratio20'), isOtherDimensionGuarded: Type.Boolean() }, closed),
      Type.Object({ kind: Type.Literal('points10') }, closed),
    ]),
    challengers: oneOf('cascade', 'single_best'),
    resubmission: oneOf('replace', 'replace_if_not_worse'),
    bootstrapMinTotal: Type.Number({ minimum: 0 }),
    shares: Type.Array(Share, { minItems: 1, maxItems: 3 }),
    absent: oneOf('redirect_to_burn', 'renormalise', 'compact'),
    burnUid: Type.Integer({ minimum: 0, maximum: 65_535 }),
    functioningHours: Type.Number({ minimum: 0 }),
    neverCompleted: oneOf('grace', 'deny'),
    windowBlocks: Count,
    curationWrongShare: Share,
    /** Money is a decimal string in JSON. */
    sessionBudgetMicroUsd: Type.String({ pattern: '^\\d{1,18}$' }),
  },
  closed,
)

/** Difference of the shares' sum from 1 that is rounding. */
const SHARE_TOLERANCE = 1e-9

function faultBetween(policy: CasterPolicy): string | undefined {
  if (policy.shares.length !== placesOf(policy))
    return `/shares: ${policy.shares.length} for ${placesOf(policy)} places`
  const sum = policy.shares.reduce((total, share) => total + share, 0)
  return Math.abs(sum - 1) > SHARE_TOLERANCE ? `/shares: they sum to ${sum}, not 1` : undefined
}

/** @throws LedgerError SL-POLICY-INVALID */
export function readCasterPolicy(json: unknown): CasterPolicy {
  checkPolicy('caster', Schema, json, faultBetween)
  return json as CasterPolicy
}
