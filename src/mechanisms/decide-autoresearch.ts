import { LedgerError } from '../errors/ledger-error'
import { CASE_RULES, CONTEXT_FIELDS } from './autoresearch/cases'
import type { Case } from './case-rule'
import { decideCase, invalid, isRecord } from './decide-case'
import { proveClaims } from './prove-claims'

/**
 * The command `subledger decide autoresearch`: a vector, one of its cases, or the whole file in; what the rules compute out, under
 * the field names of the vectors.
 * @throws LedgerError SL-DECIDE-INPUT and those of the claim schemes
 */
export function decideAutoresearch(input: unknown): unknown {
  if (!isRecord(input)) throw invalid('a JSON object is expected')
  if (Array.isArray(input.vectors)) return { vectors: input.vectors.map(decideOrSayWhyNot) }
  return decideVector(input)
}

/** In a whole file one vector that is no input of any rule (a comparison, say) must not hide the others. */
function decideOrSayWhyNot(vector: unknown): unknown {
  try {
    return decideVector(vector)
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return { id: isRecord(vector) ? vector.id : null, undecidable: error.message, code: error.code }
  }
}

function decideVector(vector: unknown): unknown {
  if (!isRecord(vector)) throw invalid('a vector must be a JSON object')
  const id = typeof vector.id === 'string' ? { id: vector.id } : {}
  if (Array.isArray(vector.claims)) return { ...id, ...proveClaims(vector, schemeOf(vector)) }
  if (isRecord(vector.genesis)) return { ...id, genesis: proveClaims(vector.genesis, 'genesis') }
  if (!Array.isArray(vector.cases))
    return { ...id, ...(decideCase(CASE_RULES, vector) as Record<string, unknown>) }
  const { cases, rate_limit_cases } = vector
  const context = Object.fromEntries(
    CONTEXT_FIELDS.filter((field) => field in vector).map((field) => [field, vector[field]]),
  )
  const decide = (list: unknown[]) =>
    list.map((entry) =>
      isRecord(entry)
        ? { ...named(entry), ...decideCase(CASE_RULES, { ...context, ...entry }) }
        : decideCase(CASE_RULES, entry),
    )
  return {
    ...id,
    cases: decide(cases as unknown[]),
    ...(Array.isArray(rate_limit_cases) ? { rate_limit_cases: decide(rate_limit_cases) } : {}),
  }
}

function named(entry: Case): Case {
  return typeof entry.name === 'string' ? { name: entry.name } : {}
}

/** Genesis claims carry an allocation hash, emission claims a reward hash. */
function schemeOf(vector: Case): string {
  if (typeof vector.scheme === 'string') return vector.scheme
  const [first] = vector.claims as unknown[]
  return isRecord(first) && 'allocation_hash' in first ? 'genesis' : 'emission'
}
