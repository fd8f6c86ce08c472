import type { Case } from './case-rule'
import { CASE_RULES } from './caster/cases'
import { decideCase, invalid, isRecord } from './decide-case'

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
  if (lists.length === 0) return { ...id, ...decideCase(CASE_RULES, vector) }
  return {
    ...id,
    ...Object.fromEntries(lists.map((name) => [name, (vector[name] as unknown[]).map(decideNamed)])),
  }
}

function decideNamed(entry: unknown): Case {
  const decided = decideCase(CASE_RULES, entry)
  const { name } = entry as Case
  return typeof name === 'string' ? { name, ...decided } : decided
}
