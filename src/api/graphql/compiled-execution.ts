import { type DocumentNode, type ExecutionArgs, type GraphQLSchema, getOperationAST, Kind } from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'
import type { Plugin } from 'graphql-yoga'

/** A document is compiled when it comes this often: compiling costs a hundred executions, and one-offs stay cheap. */
const COMPILE_AFTER_USES = 3
/** Documents whose compiled code is kept; the least recently compiled one goes first. */
const MAX_COMPILED_DOCUMENTS = 500

type ByOperation = Map<string, CompiledQuery | null>

/**
 * Runs repeated queries as compiled code (graphql-jit); everything else, and introspection, with the plain executor.
 * Documents come from the parse cache, so their identity is the key.
 */
export function executeCompiled(): Plugin {
  const uses = new WeakMap<DocumentNode, number>()
  const compiled = new Map<DocumentNode, ByOperation>()

  function compiledFor(schema: GraphQLSchema, document: DocumentNode, name: string): CompiledQuery | null {
    const byOperation = compiled.get(document)
    const known = byOperation?.get(name)
    if (known !== undefined) return known
    const seen = (uses.get(document) ?? 0) + 1
    uses.set(document, seen)
    if (seen < COMPILE_AFTER_USES) return null
    const query = compile(schema, document, name)
    keep(document, byOperation ?? new Map(), name, query)
    return query
  }

  function keep(document: DocumentNode, entry: ByOperation, name: string, query: CompiledQuery | null): void {
    compiled.set(document, entry.set(name, query))
    const oldest = compiled.size > MAX_COMPILED_DOCUMENTS ? compiled.keys().next().value : undefined
    if (oldest) compiled.delete(oldest)
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
  const query = compileQuery(schema, document, name || undefined)
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
