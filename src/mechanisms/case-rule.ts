import { type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

// biome-ignore lint/suspicious/noExplicitAny: cases are data of many shapes, checked by the rule's schema before use
export type Case = Record<string, any>

/** One rule of a mechanism as a question that a case of the vectors asks, under the field names of the vectors. */
export interface CaseRule {
  readonly name: string
  /** Whether a case is for this rule, by its fields. */
  readonly tells: (entry: Case) => boolean
  /** What is wrong with the case, by the path of its field. */
  readonly fault: (entry: Case) => string | undefined
  /** Only for a case without a fault. */
  readonly decide: (entry: Case) => Case
}

export const open = { additionalProperties: true }
/** Without it a record checks only the keys that its pattern matches. */
export const closed = { additionalProperties: false }
export const Text = Type.String()
export const NonNegative = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** A rule told by having all of some fields, its input described by a schema. */
export function rule(
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
