/** The sets of verdicts a task may offer, in any order (spec caster §2.1). */
const VERDICT_SETS = [
  [-1, 1],
  [-1, 0, 1],
  [1, 2, 3, 4, 5],
] as const

const MIN_OPTIONS = 2

export type VerdictSetFault = 'fewer than two' | 'not integers' | 'duplicate value' | 'unknown set'

export function verdictSetFault(values: readonly number[]): VerdictSetFault | undefined {
  if (values.length < MIN_OPTIONS) return 'fewer than two'
  if (!values.every((value) => Number.isInteger(value))) return 'not integers'
  if (new Set(values).size !== values.length) return 'duplicate value'
  const sorted = [...values].sort((a, b) => a - b)
  const isKnown = VERDICT_SETS.some(
    (set) => set.length === sorted.length && set.every((value, i) => value === sorted[i]),
  )
  return isKnown ? undefined : 'unknown set'
}

export interface VerdictOption {
  readonly value: number
  readonly description: string
}

export interface TaskRequest {
  readonly claim_text: string
  readonly rubric_title: string
  readonly rubric_description: string
  readonly verdict_options: readonly VerdictOption[]
}

const REQUEST_FIELDS = ['claim_text', 'rubric_title', 'rubric_description', 'verdict_options']

/** What is wrong with a request to a miner; unknown fields are (strict parsing). */
export function requestFault(request: unknown): string | undefined {
  if (!isRecord(request)) return 'not an object'
  const unknown = Object.keys(request).find((field) => !REQUEST_FIELDS.includes(field))
  if (unknown !== undefined) return `unknown field ${unknown}`
  for (const field of REQUEST_FIELDS.slice(0, 3))
    if (typeof request[field] !== 'string') return `${field} is not text`
  const options = request.verdict_options
  if (!Array.isArray(options)) return 'verdict_options is not a list'
  for (const option of options) {
    if (!isRecord(option) || typeof option.value !== 'number' || typeof option.description !== 'string')
      return 'malformed option'
    if (Object.keys(option).length !== 2) return 'unknown field in an option'
    if (option.description.trim() === '') return 'empty description'
  }
  return verdictSetFault(options.map((option) => option.value))
}

export interface CitationPair {
  readonly receipt_id: string
  readonly result_id: string
}

export interface MinerResponse {
  readonly verdict: number
  readonly justification: string
  readonly citations: readonly CitationPair[]
}

export type ResponseFault =
  | 'invalid_response'
  | 'invalid_verdict'
  | 'empty_justification'
  | 'invalid_citation'

/**
 * A miner's answer: unknown top-level fields are ignored, unknown fields of a citation are not, `result_hash` is an alias. A verdict
 * outside the options is a fault of this answer alone; it never stops a batch (spec caster §2.2).
 */
export function parseResponse(answer: unknown, allowed: readonly number[]): MinerResponse | ResponseFault {
  if (!isRecord(answer)) return 'invalid_response'
  const { verdict, justification, citations = [] } = answer
  if (typeof verdict !== 'number' || !allowed.includes(verdict)) return 'invalid_verdict'
  if (typeof justification !== 'string' || justification.trim() === '') return 'empty_justification'
  if (citations !== null && !Array.isArray(citations)) return 'invalid_citation'
  const pairs: CitationPair[] = []
  for (const citation of citations ?? []) {
    const pair = citationPair(citation)
    if (!pair) return 'invalid_citation'
    pairs.push(pair)
  }
  return { verdict, justification, citations: pairs }
}

function citationPair(citation: unknown): CitationPair | undefined {
  if (!isRecord(citation)) return undefined
  const { receipt_id, result_id, result_hash, ...unknown } = citation
  const result = result_id ?? result_hash
  if (Object.keys(unknown).length > 0 || typeof receipt_id !== 'string' || typeof result !== 'string')
    return undefined
  return { receipt_id, result_id: result }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
