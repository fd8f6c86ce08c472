import { randomUUID } from 'node:crypto'
import type { Json } from '../../../mechanisms/canonical-json'
import type { ReportedResult } from '../batch/cell-result'

/** Where url, note and title of a result stand in an answer of each citable tool (spec caster §3). */
const FIELDS: Readonly<Record<string, readonly [url: string, note: string, title: string]>> = {
  search_web: ['link', 'snippet', 'title'],
  search_x: ['url', 'text', 'title'],
  search_ai: ['url', 'note', 'title'],
}

export const isCitable = (tool: string): boolean => Object.hasOwn(FIELDS, tool)

/** A receipt is reported: no provider's answer makes a report that no platform takes. */
const MAX_RESULTS = 200
const URL_MAX_CHARS = 1_000
const NOTE_MAX_CHARS = 4_000
const TITLE_MAX_CHARS = 500

/** Results of an answer that a script may cite: those with an address, numbered in order. Other tools have none. */
export function resultsOf(tool: string, response: Json): ReportedResult[] {
  if (!isCitable(tool)) return []
  const data = (response as { data?: unknown } | null)?.data
  if (!Array.isArray(data)) return []
  const [urlField, noteField, titleField] = FIELDS[tool]!
  const results: ReportedResult[] = []
  for (const entry of data as readonly Record<string, unknown>[]) {
    const url = textOf(entry?.[urlField], Number.POSITIVE_INFINITY)
    if (url === null || url.length > URL_MAX_CHARS) continue
    if (results.length === MAX_RESULTS) break
    const note = textOf(entry[noteField], NOTE_MAX_CHARS)
    const title = textOf(entry[titleField], TITLE_MAX_CHARS)
    results.push({ index: results.length, result_id: randomUUID().replaceAll('-', ''), url, note, title })
  }
  return results
}

/** Text that every database holds: no NUL, no half of a surrogate pair. */
function textOf(value: unknown, maxChars: number): string | null {
  if (typeof value !== 'string') return null
  const text = value
    .slice(0, maxChars)
    .replaceAll('\0', '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
  return text.trim() === '' ? null : text
}
