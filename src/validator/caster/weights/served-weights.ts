import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

const Served = Type.Object({
  weights: Type.Record(Type.String({ pattern: '^\\d{1,5}$' }), Type.Number(), {
    additionalProperties: false,
  }),
  final_top: Type.Optional(
    Type.Union([Type.Array(Type.Union([Type.Integer(), Type.Null()]), { maxItems: 3 }), Type.Null()]),
  ),
})

const MAX_UID = 65_535

/** Uid to weight of an answer of `GET /v1/weights` (spec caster §10); undefined when it is no such answer. */
export function servedWeights(answer: unknown): Map<number, number> | undefined {
  if (!Value.Check(Served, answer)) return undefined
  const entries = Object.entries(answer.weights).map(([uid, weight]) => [Number(uid), weight] as const)
  const isUnfit =
    entries.some(([uid]) => uid > MAX_UID) || new Set(entries.map(([uid]) => uid)).size < entries.length
  return isUnfit ? undefined : new Map(entries)
}
