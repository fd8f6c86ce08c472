import { GraphQLError } from 'graphql'
import { LedgerError } from '../../errors/ledger-error'
import { toGraphQLError } from './api-error'

/** Longest message that is sent (characters): graphql-js quotes what the client sent, however long. */
const MAX_MESSAGE_CHARS = 500
/** Errors of one answer that are sent; validation can find thousands. */
export const MAX_ERRORS_SENT = 10

/** PostgreSQL's own codes (SQLSTATE) that mean something to a client. */
const knownDatabaseStates: Record<string, () => LedgerError> = {
  '57014': () =>
    new LedgerError('SL-API-STATEMENT-TIME', 'user', 'The question took the database too long.', {
      remedy: 'Ask for fewer rows or name more filters (netuid, hotkey, heights).',
    }),
  '42P01': () =>
    new LedgerError('SL-API-NOT-MIGRATED', 'retryable', 'The database does not have the tables yet.', {
      remedy: 'Start the indexer once, or run the migrations.',
    }),
}

const unreachableStates = /^(08|53|57P)|^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|NOTFOUND)/

/**
 * The only way an error leaves the API. What is not known to be harmless becomes SL-API-INTERNAL; the log has the rest.
 * @param onInternal told about errors that hide a fault of ours
 */
export function maskError(error: unknown, onInternal: (error: unknown) => void): GraphQLError {
  if (error instanceof LedgerError) return toGraphQLError(error)
  if (error instanceof GraphQLError) {
    const cause = innermost(error)
    if (cause instanceof LedgerError) return toGraphQLError(cause, error)
    if (cause instanceof GraphQLError) return named(cause, error)
    return toGraphQLError(explain(cause, onInternal), error)
  }
  return toGraphQLError(explain(error, onInternal))
}

function innermost(error: GraphQLError): unknown {
  let cause: unknown = error
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError
  return cause
}

/** A database or internal failure in words that give nothing away. */
export function explain(error: unknown, onInternal: (error: unknown) => void): LedgerError {
  const state = String((error as { code?: unknown } | null)?.code ?? '')
  const known = knownDatabaseStates[state]
  if (known) return known()
  onInternal(error)
  if (unreachableStates.test(state) || /timeout exceeded when trying to connect/.test(String(error))) {
    return new LedgerError('SL-API-DATABASE', 'retryable', 'The database cannot be reached.', {
      remedy: 'Try again; if it lasts, look at the database and at /readyz.',
    })
  }
  return new LedgerError('SL-API-INTERNAL', 'retryable', 'The question could not be answered.', {
    remedy: 'Try again; if it lasts, the log of the server says why. Nothing was changed.',
  })
}

/** Errors of GraphQL itself (syntax, unknown field, wrong type) with a code of ours. */
function named(error: GraphQLError, at: GraphQLError): GraphQLError {
  if (String(error.extensions?.code ?? '').startsWith('SL-')) return error
  const { code, remedy } = classify(error)
  const message = error.message.slice(0, MAX_MESSAGE_CHARS)
  return new GraphQLError(message, {
    ...(at.nodes && { nodes: at.nodes }),
    ...(at.source && { source: at.source }),
    ...(at.positions && { positions: at.positions }),
    ...(at.path && { path: at.path }),
    extensions: { code, kind: 'user', remedy },
  })
}

function classify(error: GraphQLError): { code: string; remedy: string } {
  if (error.message.startsWith('Syntax Error: Document contains more')) {
    return { code: 'SL-API-TOKENS', remedy: 'Ask less in one query, or use variables and fragments.' }
  }
  if (error.message.startsWith('Syntax Error')) {
    return { code: 'SL-API-SYNTAX', remedy: 'Correct the query text at the place that is named.' }
  }
  if (error.message.startsWith('Variable ')) {
    return { code: 'SL-API-VARIABLES', remedy: 'Send the variables with the types that the query declares.' }
  }
  if (error.path) return { code: 'SL-API-VALUE', remedy: 'Correct the value.' }
  return { code: 'SL-API-INVALID', remedy: 'The schema, with documentation, is at /graphql.' }
}
