/** Sets, sessions, evaluations and runs: the part of the state that evaluation events change. */
export interface EvaluationState {
  /** Session ids of connected validators, screeners excluded. */
  readonly connectedValidators: Set<string>
}

export const initialEvaluation = (): EvaluationState => ({ connectedValidators: new Set() })

/** Validators that are connected now, screeners excluded: submissions need `NUM_EVALS_PER_AGENT` of them (§2.4, check 3). */
export const connectedValidatorCount = (state: EvaluationState): number => state.connectedValidators.size
