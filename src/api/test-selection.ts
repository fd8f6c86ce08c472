import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'

/** Of a connection the nodes tell all that its edges do, and the cursors of pages are tested by themselves. */
const LEFT_OUT = ['edges', 'pageInfo']

/** Every field that a query answers with, nested ones down to `depth`, so that a test forgets none. */
export function selectionOf(schema: GraphQLSchema, query: string, depth: number): string {
  const field = schema.getQueryType()!.getFields()[query]
  if (!field) throw new Error(`There is no query ${query}.`)
  return fieldsOf(getNamedType(field.type) as GraphQLObjectType, depth)
}

function fieldsOf(type: GraphQLObjectType, depth: number): string {
  const texts = Object.values(type.getFields()).flatMap((field) => textOf(field, depth))
  return `{ ${texts.join(' ')} }`
}

function textOf({ name, type, args }: GraphQLField<unknown, unknown>, depth: number): string[] {
  if (LEFT_OUT.includes(name) || args.some(isRequiredArgument)) return []
  const named = getNamedType(type)
  if (isLeafType(named)) return [name]
  return isObjectType(named) && depth > 0 ? [`${name} ${fieldsOf(named, depth - 1)}`] : []
}
