import { LedgerError } from '../errors/ledger-error'

/** Exit status by kind of failure, so that supervisors can tell them apart. */
export const exitStatus = { user: 2, retryable: 3, contradiction: 4, unexpected: 1 } as const

/** What a person reads when a command fails: code, what happened, where, what to do. */
export function formatError(error: unknown): { text: string; status: number } {
  if (!(error instanceof LedgerError)) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return {
      text: `SL-UNEXPECTED  ${detail}\n  This is a fault of Subledger; nothing that was committed is lost. Please report it.\n`,
      status: exitStatus.unexpected,
    }
  }
  const facts = Object.entries(error.facts)
  const where = facts.length ? `  ${facts.map(([name, value]) => `${name}: ${value}`).join(', ')}\n` : ''
  return {
    text: `${error.code}  ${error.message}\n${where}  → ${error.remedy}\n`,
    status: exitStatus[error.kind],
  }
}
