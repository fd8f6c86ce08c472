import { GraphQLError } from 'graphql'
import { LedgerError } from '../../errors/ledger-error'

type Code = `SL-${string}`

/** A failure that the asker can mend: shown as it stands, with its stable code and what to do. */
export const refuse = (
  code: Code,
  message: string,
  remedy: string,
  facts?: LedgerError['facts'],
): LedgerError => new LedgerError(code, 'user', message, facts ? { remedy, facts } : { remedy })

/** What a client sees of a failure: text, code, remedy, facts. No stack, no SQL, no cause. */
export function toGraphQLError(error: LedgerError, at?: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    ...(at?.nodes && { nodes: at.nodes }),
    ...(at?.source && { source: at.source }),
    ...(at?.positions && { positions: at.positions }),
    ...(at?.path && { path: at.path }),
    extensions: {
      code: error.code,
      kind: error.kind,
      remedy: error.remedy,
      ...(Object.keys(error.facts).length > 0 && { facts: error.facts }),
    },
  })
}
