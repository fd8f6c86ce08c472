import type { Result } from './progress-shape'

/**
 * Why a validator's results do not count; `reason` is stable. Both stand in the log while the batch is open, so neither says what an
 * answer should have been worth (invariant 14).
 */
export interface ResultsFault {
  readonly reason:
    | 'malformed_result'
    | 'foreign_batch'
    | 'foreign_cell'
    | 'duplicate_cell'
    | 'missing_cell'
    | 'wrong_uid'
    | 'status_contradiction'
    | 'invalid_response'
    | 'wrong_score'
    | 'wrong_session'
    | 'wrong_receipt'
    | 'over_budget'
    | 'wrong_citations'
  readonly detail: string
}

/** Ends a check; caught where it began. */
export class Wrong extends Error {
  constructor(
    readonly reason: ResultsFault['reason'],
    readonly detail: string,
  ) {
    super(detail)
    this.name = 'Wrong'
  }
}

export const cellName = ({ artifact_id, claim_id }: Pick<Result, 'artifact_id' | 'claim_id'>): string =>
  `${artifact_id}/${claim_id}`
