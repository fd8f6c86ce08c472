import { Type } from '@sinclair/typebox'
import type { Mechanism } from '../mechanism'
import { checkPolicy } from '../read-policy'
import { type AutoresearchDecision, type AutoresearchView, decide } from './decide'
import { type AutoresearchPolicy, SN94_POLICY, UNPUBLISHED } from './policy'

const closed = { additionalProperties: false }
const Share = Type.Number({ minimum: 0, maximum: 1 })
const Count = Type.Integer({ minimum: 0 })
const oneOf = (...values: string[]) => Type.Union(values.map((value) => Type.Literal(value)))

const Schema = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    effectiveFromBlock: Count,
    comparator: Type.Object(
      {
        version: Type.String({ minLength: 1 }),
        noiseUnit: oneOf('nats', 'absolute'),
        band: Type.Number({ minimum: 0 }),
        tieBreaks: Type.Array(oneOf('artifact_bytes', 'runtime_ms', 'memory_bytes'), { uniqueItems: true }),
        acceptsWorseInsideBand: Type.Boolean(),
      },
      closed,
    ),
    standardRule: oneOf('first_result', 'median'),
    medianMinResults: Type.Integer({ minimum: 1 }),
    claimMinutes: Type.Integer({ minimum: 1 }),
    clockSkewSeconds: Count,
    enforcement: Type.Object(
      {
        contractHotkey: Type.String({ minLength: 1 }),
        contractShare: Share,
        burnUid: Type.Integer({ minimum: 0, maximum: 65_535 }),
        burnShare: Share,
        tolerance: Type.Number({ minimum: 0 }),
      },
      closed,
    ),
    versionKey: Count,
    epochLengthBlocks: Count,
  },
  closed,
)

function faultBetween({ enforcement }: AutoresearchPolicy): string | undefined {
  const sum = enforcement.contractShare + enforcement.burnShare
  return Math.abs(sum - 1) > enforcement.tolerance
    ? `/enforcement: the shares sum to ${sum}, not 1`
    : undefined
}

export const autoresearch: Mechanism<AutoresearchView, AutoresearchPolicy, AutoresearchDecision> = {
  name: 'autoresearch',
  defaultPolicy: SN94_POLICY,
  readPolicy(json) {
    checkPolicy('autoresearch', Schema, json, faultBetween)
    return json as AutoresearchPolicy
  },
  decide,
  unpublished: () => UNPUBLISHED,
  callRules: ({ versionKey, epochLengthBlocks: moreThanBlocks }) => ({ versionKey, moreThanBlocks }),
}
