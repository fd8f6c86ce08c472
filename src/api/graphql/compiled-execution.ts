import { type DocumentNode, type ExecutionArgs, type GraphQLSchema, getOperationAST, Kind } from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'
import type { Plugin } from 'graphql-yoga'

/** A document is compiled when it comes this often: compiling costs a hundred executions, and one-offs stay cheap. */
const COMPILE_AFTER_USES = 3
/** Compiled code is kept for this many operations. */
const MAX_COMPILED_OPERATIONS = 500

/**
 * Runs repeated queries as compiled code (graphql-jit); everything else, and introspection, with the plain executor.
 * The documents are those of the parse cache, so identity is the key and eviction there frees the code here.
 */
export function executeCompiled(): Plugin {
  const uses = new WeakMap<DocumentNode, number>()
  const compiled = new WeakMap<DocumentNode, Map<string, CompiledQuery | null>>()
  let compiledCount = 0

  function compiledFor(schema: GraphQLSchema, document: DocumentNode, name: string): CompiledQuery | null {
    const byOperation = compiled.get(document)
    const known = byOperation?.get(name)
    if (known !== undefined) return known
    const seen = (uses.get(document) ?? 0) + 1
    uses.set(document, seen)
    if (seen < COMPILE_AFTER_USES || compiledCount >= MAX_COMPILED_OPERATIONS) return null
    const query = compile(schema, document, name)
    compiled.set(document, (byOperation ?? new Map()).set(name, query))
    compiledCount += 1
    return query
  }

  return {
    onExecute({ args, setExecuteFn }) {
      const { schema, document, operationName } = args as ExecutionArgs
      const query = compiledFor(schema, document, operationName ?? '')
      if (!query) return
      setExecuteFn((run: ExecutionArgs) =>
        query.query(run.rootValue, run.contextValue, run.variableValues ?? {}),
      )
    },
  }
}

function compile(schema: GraphQLSchema, document: DocumentNode, name: string): CompiledQuery | null {
  const operation = getOperationAST(document, name || undefined)
  if (!operation || asksForSchema(document)) return null
  const query = compileQuery(schema, document, name || undefined, { customJSONSerializer: false })
  return isCompiledQuery(query) ? query : null
}

const asksForSchema = (document: DocumentNode): boolean =>
  document.definitions.some(
    (definition) =>
      'selectionSet' in definition &&
      definition.selectionSet.selections.some(
        (node) => node.kind === Kind.FIELD && node.name.value.startsWith('__'),
      ),
  )
