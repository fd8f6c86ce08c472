import { type DocumentNode, type ExecutionArgs, type GraphQLError, getOperationAST, parse } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { LedgerError } from '../../errors/ledger-error'
import { refuse, toGraphQLError } from '../graphql/api-error'
import type { ApiLimits } from './limits'
import { checkShape } from './measure-query'
import { measureCost } from './query-cost'

/** Every limit on the query itself: tokens while it is read, shape before validation, cost before execution. */
export function limitQueries(limits: ApiLimits): Plugin {
  const wellShaped = new WeakSet<DocumentNode>()
  const knownCosts = new WeakMap<DocumentNode, Map<string, number>>()

  /** @throws LedgerError SL-API-OPERATION */
  function pointsOf(args: ExecutionArgs): number {
    const operation = getOperationAST(args.document, args.operationName)
    if (!operation) {
      throw refuse('SL-API-OPERATION', 'No operation, or which one is unclear.', 'Name one in operationName.')
    }
    const name = operation.name?.value ?? ''
    const known = knownCosts.get(args.document)?.get(name)
    if (known !== undefined) return known
    const cost = measureCost(args.schema, args.document, operation, args.variableValues ?? {})
    if (!cost.dependsOnVariables) {
      const byOperation = knownCosts.get(args.document) ?? new Map<string, number>()
      knownCosts.set(args.document, byOperation.set(name, cost.points))
    }
    return cost.points
  }

  function overspent(args: ExecutionArgs): GraphQLError | undefined {
    let points: number
    try {
      points = pointsOf(args)
    } catch (error) {
      return toGraphQLError(error as LedgerError)
    }
    if (points <= limits.maxCost) return undefined
    return toGraphQLError(
      refuse(
        'SL-API-COST',
        `The query costs ${points} points of ${limits.maxCost}.`,
        'Ask for smaller pages.',
        {
          points,
          limitPoints: limits.maxCost,
        },
      ),
    )
  }

  return {
    onParams({ params }) {
      checkParams(params, limits)
    },
    onParse({ setParseFn }) {
      setParseFn((source: string) => parse(source, { maxTokens: limits.maxTokens }))
    },
    onValidate({ params, setResult }) {
      const document = params.documentAST as DocumentNode
      if (wellShaped.has(document)) return
      try {
        checkShape(document, limits)
        wellShaped.add(document)
      } catch (error) {
        setResult([toGraphQLError(error as LedgerError)])
      }
    },
    onExecute({ args, setResultAndStopExecution }) {
      const error = overspent(args as ExecutionArgs)
      if (error) setResultAndStopExecution({ errors: [error] })
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const error = overspent(args as ExecutionArgs)
      if (error) setResultAndStopExecution({ errors: [error] })
    },
  }
}

/** Length bounds that hold whatever way the request came (POST, GET, live query). */
function checkParams(params: { query?: unknown; variables?: unknown }, limits: ApiLimits): void {
  if (typeof params.query === 'string' && params.query.length > limits.maxBodyBytes) {
    throw refuse('SL-API-BODY', 'The query text is too long.', `Send at most ${limits.maxBodyBytes} bytes.`)
  }
  const { variables } = params
  if (variables && nestedDeeperThan(variables, limits.maxDepth)) {
    throw refuse('SL-API-VARIABLES', 'The variables are nested too deep.', 'Send flatter variables.')
  }
  // Counting by JSON text is exact for what was sent as JSON, and an upper bound on the work that follows.
  if (variables && JSON.stringify(variables).length > limits.maxVariablesBytes) {
    throw refuse(
      'SL-API-VARIABLES',
      'The variables are too large.',
      `Send at most ${limits.maxVariablesBytes} bytes of variables.`,
    )
  }
}

/** Level by level rather than by recursion: what is measured here may be nested deeper than the stack. */
function nestedDeeperThan(value: unknown, maxDepth: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; depth <= maxDepth; depth += 1) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    if (level.length === 0) return false
  }
  return true
}
