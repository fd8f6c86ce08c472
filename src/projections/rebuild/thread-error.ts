import { type ErrorKind, LedgerError } from '../../errors/ledger-error'

/** An error as it passes from a thread to another: without its class, with what is known about it. */
export interface PlainError {
  readonly message: string
  readonly stack: string | undefined
  readonly isLedgerError: boolean
  /** Its own members that are plain values: PostgreSQL's code, Node's, ours. */
  readonly members: Readonly<Record<string, unknown>>
}

export function plain(error: unknown): PlainError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const members = JSON.parse(JSON.stringify({ ...(error as object), cause: undefined }))
  return { message, stack, isLedgerError: error instanceof LedgerError, members }
}

export function restored({ message, stack, isLedgerError, members }: PlainError): Error {
  if (!isLedgerError) return Object.assign(new Error(message), members, { stack })
  const { code, kind, ...detail } = members as unknown as Pick<
    LedgerError,
    'code' | 'kind' | 'remedy' | 'facts'
  > & { kind: ErrorKind }
  return new LedgerError(code, kind, message, detail)
}
