import type { GraderVerdict } from './grader'

const RATIONALE_MAX_CHARS = 4_000

/**
 * The grader's answer, or undefined. The whole text must be one JSON object (in a code fence or not) with a boolean `support_ok`: an
 * object found somewhere in other text may be one that the miner wrote and the grader quoted.
 */
export function parseVerdict(text: string): GraderVerdict | undefined {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)
  try {
    const answer = JSON.parse(fenced ? fenced[1]! : text) as {
      readonly support_ok?: unknown
      readonly rationale?: unknown
    } | null
    if (typeof answer !== 'object' || answer === null || typeof answer.support_ok !== 'boolean')
      return undefined
    const rationale = typeof answer.rationale === 'string' ? answer.rationale : ''
    return { isSupported: answer.support_ok, rationale: rationale.slice(0, RATIONALE_MAX_CHARS) }
  } catch {
    return undefined
  }
}
