import type { TSchema } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { Value } from '@sinclair/typebox/value'
import type { FastifySchemaCompiler } from 'fastify'

/**
 * Bodies are taken as they are: the task contract is parsed strictly, so `"1"` is no 1 (spec caster §2.1). Queries and paths are text by
 * nature and are converted.
 */
export const strictCompiler: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  const shape = schema as TSchema
  const check = TypeCompiler.Compile(shape)
  return (given: unknown) => {
    const whole = Value.Default(shape, given)
    const value = httpPart === 'body' ? whole : Value.Convert(shape, whole)
    if (check.Check(value)) return { value }
    const first = check.Errors(value).First()
    const validation = [{ instancePath: first?.path ?? '', message: first?.message ?? 'invalid' }]
    return { error: Object.assign(new Error(validation[0]!.message), { validation, statusCode: 422 }) }
  }
}
