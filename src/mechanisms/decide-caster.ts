import { LedgerError } from '../errors/ledger-error'
import { CASE_RULES, type Case } from './caster/vector-cases'

/** Lists of cases that a vector may hold. */
const CASE_LISTS = ['cases', 'errors', 'window_cases'] as const

/**
 * The command `subledger decide caster`: a vector, one of its cases, or the whole file in; what the rules compute out, under the field
 * names of the vectors.
 * @throws LedgerError SL-DECIDE-INPUT
 */
export function decideCaster(input: unknown): unknown {
  if (!isRecord(input)) throw invalid('a JSON object is expected')
  return Array.isArray(input.vectors) ? { vectors: input.vectors.map(decideVector) } : decideVector(input)
}

function decideVector(vector: unknown): unknown {
  if (!isRecord(vector)) throw invalid('a vector must be a JSON object')
  const id = typeof vector.id === 'string' ? { id: vector.id } : {}
  const lists = CASE_LISTS.filter((name) => Array.isArray(vector[name]))
  if (lists.length === 0) return { ...id, ...decideCase(vector) }
  return {
    ...id,
    ...Object.fromEntries(lists.map((name) => [name, (vector[name] as unknown[]).map(decideNamed)])),
  }
}

function decideNamed(entry: unknown): Case {
  const decided = decideCase(entry)
  const { name } = entry as Case
  return typeof name === 'string' ? { name, ...decided } : decided
}

function decideCase(entry: unknown): Case {
  if (!isRecord(entry)) throw invalid('a case must be a JSON object')
  const rule = CASE_RULES.find(({ tells }) => tells(entry))
  if (!rule)
    throw invalid(
      `no field tells which rule this case is for: ${Object.keys(entry).join(', ') || 'it is empty'}`,
    )
  const fault = rule.fault(entry)
  if (fault !== undefined) throw invalid(`${rule.name}: ${fault}`)
  return rule.decide(entry)
}

function isRecord(value: unknown): value is Case {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(what: string): LedgerError {
  return new LedgerError('SL-DECIDE-INPUT', 'user', `The input cannot be decided: ${what}.`, {
    remedy: 'Give one vector, one case of it, or the whole vectors file, with the fields of that rule.',
  })
}
