import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { refuse } from '../graphql/api-error'
import type { ApiLimits } from './limits'

/** Levels that `__schema` and `__type` may reach: what GraphiQL asks, and no more. */
const MAX_INTROSPECTION_DEPTH = 15
/** Introspection roots of one document. */
const MAX_INTROSPECTION_ROOTS = 2

/** Selections within selections, fragments included: bounds what every later walk of the document recurses. */
const MAX_NESTED_SELECTIONS = 60

interface Shape {
  /** Levels below. */
  readonly depth: number
  /** Fields after fragments are spread. */
  readonly fields: number
  readonly roots: number
}

/**
 * Refuses a document by its shape alone, before validation, whose rules are quadratic in the number of fields.
 * Fragments are measured once each, so a document of n tokens takes O(n) steps however it is knotted.
 * @throws LedgerError SL-API-DEPTH, -FIELDS, -ALIASES, -ROOT-FIELDS, -DIRECTIVES, -REPEATED, -FRAGMENT-CYCLE, -INTROSPECTION
 */
export function checkShape(document: DocumentNode, limits: ApiLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const walk = new ShapeWalk(fragments, limits)
  // A fragment may be one of an introspection query, which goes deeper; its use is what decides.
  const unused = new ShapeWalk(fragments, forIntrospection(limits))
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) walk.checkOperation(definition)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) unused.fragment(definition.name.value)
  }
}

const forIntrospection = (limits: ApiLimits): ApiLimits => ({ ...limits, maxDepth: MAX_INTROSPECTION_DEPTH })

class ShapeWalk {
  private readonly measured = new Map<string, Shape>()
  private readonly open = new Set<string>()
  private aliases = 0
  private directives = 0
  private introspections = 0
  private nesting = 0

  constructor(
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly limits: ApiLimits,
  ) {}

  checkOperation(operation: OperationDefinitionNode): void {
    const { limits } = this
    this.count(operation.directives?.length ?? 0)
    const { roots } = this.selection(operation.selectionSet)
    if (roots > limits.maxRootFields) {
      throw refuse(
        'SL-API-ROOT-FIELDS',
        `An operation may ask for ${limits.maxRootFields} things at once; this one asks for ${roots}.`,
        'Send several requests.',
      )
    }
  }

  fragment(name: string): Shape {
    const known = this.measured.get(name)
    if (known) return known
    const definition = this.fragments.get(name)
    if (!definition) return { depth: 0, fields: 0, roots: 0 }
    if (this.open.has(name)) {
      throw refuse('SL-API-FRAGMENT-CYCLE', `The fragment ${name.slice(0, 80)} contains itself.`, 'Untie it.')
    }
    this.open.add(name)
    const shape = this.selection(definition.selectionSet)
    this.open.delete(name)
    this.measured.set(name, shape)
    return shape
  }

  private selection(set: SelectionSetNode): Shape {
    this.nesting += 1
    if (this.nesting > MAX_NESTED_SELECTIONS) {
      throw refuse(
        'SL-API-DEPTH',
        `More than ${MAX_NESTED_SELECTIONS} nested selections.`,
        'Nest fewer fragments.',
      )
    }
    let depth = 0
    let fields = 0
    let roots = 0
    const names = new Map<string, number>()
    for (const node of set.selections) {
      this.count(node.directives?.length ?? 0)
      if (node.kind === Kind.FIELD) {
        const inner = this.field(node, names)
        depth = Math.max(depth, inner.depth)
        fields += inner.fields
        roots += 1
        continue
      }
      const inner =
        node.kind === Kind.FRAGMENT_SPREAD
          ? this.fragment(node.name.value)
          : this.selection(node.selectionSet)
      depth = Math.max(depth, inner.depth)
      fields += inner.fields
      roots += inner.roots
    }
    this.checkSize(depth, fields)
    this.nesting -= 1
    return { depth, fields, roots }
  }

  private field(node: FieldNode, names: Map<string, number>): { depth: number; fields: number } {
    const answerName = node.alias?.value ?? node.name.value
    const repeated = (names.get(answerName) ?? 0) + 1
    names.set(answerName, repeated)
    if (repeated > this.limits.maxSameNameFields) {
      throw refuse(
        'SL-API-REPEATED',
        `${answerName.slice(0, 80)} is asked for too often.`,
        'Ask for it once.',
      )
    }
    if (node.alias) {
      this.aliases += 1
      if (this.aliases > this.limits.maxAliases) {
        throw refuse(
          'SL-API-ALIASES',
          `More than ${this.limits.maxAliases} aliases.`,
          'Send several requests.',
        )
      }
    }
    if (node.name.value === '__schema' || node.name.value === '__type') return this.introspection(node)
    if (!node.selectionSet) return { depth: 1, fields: 1 }
    const inner = this.selection(node.selectionSet)
    return { depth: inner.depth + 1, fields: inner.fields + 1 }
  }

  /** Exempt from the limits of data queries, with own ones. */
  private introspection(node: FieldNode): { depth: number; fields: number } {
    this.introspections += 1
    const relaxed = new ShapeWalk(this.fragments, forIntrospection(this.limits))
    if (this.introspections > MAX_INTROSPECTION_ROOTS) {
      throw refuse('SL-API-INTROSPECTION', 'The schema is asked for too often.', 'Ask for it once a request.')
    }
    if (node.selectionSet) relaxed.selection(node.selectionSet)
    return { depth: 1, fields: 1 }
  }

  private count(directives: number): void {
    this.directives += directives
    if (this.directives > this.limits.maxDirectives) {
      throw refuse('SL-API-DIRECTIVES', `More than ${this.limits.maxDirectives} directives.`, 'Use fewer.')
    }
  }

  private checkSize(depth: number, fields: number): void {
    if (depth > this.limits.maxDepth) {
      throw refuse(
        'SL-API-DEPTH',
        `The query is deeper than ${this.limits.maxDepth} levels.`,
        'Ask for less depth.',
      )
    }
    if (fields > this.limits.maxFields) {
      throw refuse(
        'SL-API-FIELDS',
        `The query asks for more than ${this.limits.maxFields} fields.`,
        'Ask for fewer.',
      )
    }
  }
}
