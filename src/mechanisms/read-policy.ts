import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { LedgerError } from '../errors/ledger-error'

/** Throws SL-POLICY-INVALID unless the JSON is of the schema and `fault` finds nothing wrong between its fields. */
export function checkPolicy(
  mechanism: string,
  schema: TSchema,
  json: unknown,
  fault: (policy: never) => string | undefined,
): void {
  let found: string | undefined
  if (!Value.Check(schema, json)) {
    const [first] = Value.Errors(schema, json)
    found = `${first?.path || '/'}: ${first?.message ?? 'unreadable'}`
  } else found = fault(json as never)
  if (found === undefined) return
  throw new LedgerError('SL-POLICY-INVALID', 'user', `This is no ${mechanism} policy: ${found}.`, {
    remedy: 'Compare it with the default policy; every field is required and no other is known.',
    facts: { mechanism },
  })
}
