import { LedgerError } from '../errors/ledger-error'
import type { Case, CaseRule } from './case-rule'

/**
 * One case decided by the first of the rules that it is for.
 * @throws LedgerError SL-DECIDE-INPUT
 */
export function decideCase(rules: readonly CaseRule[], entry: unknown): Case {
  if (!isRecord(entry)) throw invalid('a case must be a JSON object')
  const rule = rules.find(({ tells }) => tells(entry))
  if (!rule)
    throw invalid(
      `no field tells which rule this case is for: ${Object.keys(entry).join(', ') || 'it is empty'}`,
    )
  const fault = rule.fault(entry)
  if (fault !== undefined) throw invalid(`${rule.name}: ${fault}`)
  return rule.decide(entry)
}

export function isRecord(value: unknown): value is Case {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function invalid(what: string): LedgerError {
  return new LedgerError('SL-DECIDE-INPUT', 'user', `The input cannot be decided: ${what}.`, {
    remedy: 'Give one vector, one case of it, or the whole vectors file, with the fields of that rule.',
  })
}
