import type { VerdictOption } from '../../../mechanisms/caster/task-contract'

/** What a grader looks at: whether the justification supports the reference answer (spec caster §4). */
export interface GraderQuestion {
  readonly claim: string
  readonly rubric: { readonly title: string; readonly description: string }
  readonly options: readonly VerdictOption[]
  /** The miner's and the reference's: they are equal, or nobody asks. */
  readonly verdict: number
  readonly referenceJustification: string
  readonly minerJustification: string
  /** Notes of the hydrated citations, or their addresses. */
  readonly citations: readonly string[]
}

export interface GraderVerdict {
  readonly isSupported: boolean
  readonly rationale: string
}

export interface Grader {
  readonly model: string
  /** @throws LedgerError SL-GRADER-UNAVAILABLE: no answer at all is no verdict about a miner */
  judge(question: GraderQuestion, signal: AbortSignal): Promise<GraderVerdict>
}
