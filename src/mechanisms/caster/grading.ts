/** An answer as graded: a failed run has no verdict, whatever placeholder was written for it (spec caster §3.2, §4). */
export type GradedAnswer =
  | { readonly status: 'answered'; readonly verdict: number }
  | { readonly status: 'failed'; readonly errorCode: string }

export interface Grade {
  readonly verdictScore: 0 | 0.5
  readonly supportScore: 0 | 0.5
  readonly total: 0 | 0.5 | 1
  readonly isGraderCalled: boolean
}

const NOTHING: Grade = { verdictScore: 0, supportScore: 0, total: 0, isGraderCalled: false }

/** Whether the justification has to be judged at all: only for the right verdict, so that no grader call is wasted. */
export function needsGrader(answer: GradedAnswer, referenceVerdict: number): boolean {
  return answer.status === 'answered' && answer.verdict === referenceVerdict
}

/** Score in {0, 0.5, 1}: nothing for a wrong verdict, however near; half for the verdict, half for its support. */
export function grade(answer: GradedAnswer, referenceVerdict: number, isSupported: boolean | null): Grade {
  if (!needsGrader(answer, referenceVerdict)) return NOTHING
  return isSupported
    ? { verdictScore: 0.5, supportScore: 0.5, total: 1, isGraderCalled: true }
    : { verdictScore: 0.5, supportScore: 0, total: 0.5, isGraderCalled: true }
}
