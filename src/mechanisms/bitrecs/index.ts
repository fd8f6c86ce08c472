import { Type } from '@sinclair/typebox'
import type { Mechanism } from '../mechanism'
import { checkPolicy } from '../read-policy'
import { type BitrecsDecision, decide } from './decide'
import { BITRECS_PROFILES, type BitrecsPolicy, DEFAULT_BITRECS_PROFILE } from './policy'
import type { BitrecsView } from './view'

const closed = { additionalProperties: false }
const Share = Type.Number({ minimum: 0, maximum: 1 })
const NonNegative = Type.Number({ minimum: 0 })
const oneOf = (...values: string[]) => Type.Union(values.map((value) => Type.Literal(value)))

const Schema = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    effectiveFromBlock: Type.Integer({ minimum: 0 }),
    identity: oneOf('uid', 'tenure'),
    missingScores: oneOf('zero', 'exclude'),
    invalidScores: oneOf('accept', 'refuse'),
    winnerRule: oneOf('priority', 'sum_majority', 'geometric_mean'),
    tieScope: oneOf('top_two', 'within_gap'),
    flatGap: NonNegative,
    threshold: Type.Object({ z: NonNegative, minGap: NonNegative, maxGap: NonNegative }, closed),
    epsilon: Type.Object(
      {
        source: oneOf('spread', 'sampling_error'),
        factor: NonNegative,
        min: NonNegative,
        max: NonNegative,
        defaultSamples: Type.Integer({ minimum: 1 }),
      },
      closed,
    ),
    frontierFilter: oneOf('before', 'after', 'never'),
    emptyFrontier: oneOf('abort', 'everyone'),
    unknownFirstBlock: oneOf('abort', 'burn'),
    noScores: oneOf('abort', 'burn'),
    scheme: oneOf('linear', 'exponential', 'equal'),
    softmax: Type.Object({ temperature: Type.Number({ exclusiveMinimum: 0 }), minWeight: Share }, closed),
    pointsTie: oneOf('hotkey_order', 'seniority'),
    firstBlockRule: oneOf('reveal', 'commit'),
    decay: Type.Object(
      {
        blockSeconds: Type.Number({ exclusiveMinimum: 0 }),
        graceDays: NonNegative,
        perDay: NonNegative,
        floor: Share,
      },
      closed,
    ),
    emissionPortion: Share,
    burnUid: Type.Integer({ minimum: 0, maximum: 65_535 }),
  },
  closed,
)

function faultBetween(policy: BitrecsPolicy): string | undefined {
  if (policy.epsilon.min > policy.epsilon.max) return '/epsilon: min is above max'
  return policy.threshold.minGap > policy.threshold.maxGap ? '/threshold: minGap is above maxGap' : undefined
}

export const bitrecs: Mechanism<BitrecsView, BitrecsPolicy, BitrecsDecision> = {
  name: 'bitrecs',
  defaultPolicy: BITRECS_PROFILES[DEFAULT_BITRECS_PROFILE],
  readPolicy(json) {
    checkPolicy('bitrecs', Schema, json, faultBetween)
    return json as BitrecsPolicy
  },
  decide,
}
