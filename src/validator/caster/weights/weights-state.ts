/** What `GET /validator/status` tells of the weights (spec caster §6). */
export interface WeightsState {
  /** RFC 3339. */
  last_weight_submission_at: string | null
  /** Code and reason of the last try; null when it went well. */
  last_weight_error: string | null
}

export const newWeightsState = (): WeightsState => ({
  last_weight_submission_at: null,
  last_weight_error: null,
})
