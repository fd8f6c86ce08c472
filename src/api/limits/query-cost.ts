import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { DEFAULT_PAGE_ROWS } from './limits'

/** Rows a list without pages is taken to have, unless its field says `@listSize(assumed: n)`. */
const ASSUMED_LIST_ROWS = 4

export interface QueryCost {
  readonly points: number
  /** Whether a variable decides a page size: then the points hold for these variables only. */
  readonly dependsOnVariables: boolean
}

type Variables = Readonly<Record<string, unknown>>

/**
 * Points of an operation: 1 a field, times the page size of every connection or list around it. Runs on documents
 * that passed validation, so fragments do not cycle; each fragment is measured once.
 */
export function measureCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): QueryCost {
  const root = schema.getRootType(operation.operation)
  if (!root) return { points: 0, dependsOnVariables: false }
  const walk = new CostWalk(schema, document, variables)
  return {
    points: walk.selection(root.name, operation.selectionSet),
    dependsOnVariables: walk.dependsOnVariables,
  }
}

class CostWalk {
  dependsOnVariables = false
  private readonly measured = new Map<string, number>()
  private readonly fragments = new Map<string, FragmentDefinitionNode>()

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition)
    }
  }

  selection(typeName: string, set: SelectionSetNode): number {
    let points = 0
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) points += this.field(typeName, node)
      else if (node.kind === Kind.FRAGMENT_SPREAD) points += this.fragment(node.name.value)
      else points += this.selection(node.typeCondition?.name.value ?? typeName, node.selectionSet)
    }
    return points
  }

  private fragment(name: string): number {
    const known = this.measured.get(name)
    if (known !== undefined) return known
    const definition = this.fragments.get(name)
    const points = definition
      ? this.selection(definition.typeCondition.name.value, definition.selectionSet)
      : 0
    this.measured.set(name, points)
    return points
  }

  private field(typeName: string, node: FieldNode): number {
    if (node.name.value.startsWith('__')) return 1
    const type = this.schema.getType(typeName)
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined
    if (!field || !node.selectionSet) return 1
    const inner = getNamedType(field.type)
    if (!isCompositeType(inner)) return 1
    return 1 + this.rowsOf(field, node) * this.selection(inner.name, node.selectionSet)
  }

  private rowsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
    if (field.args.some((argument) => argument.name === 'first')) return this.pageRows(node)
    const assumed = field.astNode?.directives?.find((d) => d.name.value === 'listSize')?.arguments?.[0]?.value
    if (assumed?.kind === Kind.INT) return Number(assumed.value)
    // The list inside a connection is the page that the connection has paid for already.
    const isList = isListType(getNullableType(field.type))
    return isList && node.name.value !== 'edges' && node.name.value !== 'nodes' ? ASSUMED_LIST_ROWS : 1
  }

  private pageRows(node: FieldNode): number {
    let rows: number | undefined
    for (const argument of node.arguments ?? []) {
      if (argument.name.value !== 'first' && argument.name.value !== 'last') continue
      if (argument.value.kind === Kind.VARIABLE) {
        this.dependsOnVariables = true
        rows = Math.max(rows ?? 0, Number(this.variables[argument.value.name.value] ?? DEFAULT_PAGE_ROWS))
      }
      if (argument.value.kind === Kind.INT) rows = Math.max(rows ?? 0, Number(argument.value.value))
    }
    return Number.isFinite(rows) ? Math.max(1, rows!) : DEFAULT_PAGE_ROWS
  }
}
