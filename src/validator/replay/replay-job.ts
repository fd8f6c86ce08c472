import type { ReplaySpec } from '../../mechanisms/autoresearch/replay-spec'

/** One entry of the worklist (spec autoresearch §7). */
export interface ReplayJob {
  readonly job_id: string
  readonly submission: {
    readonly id: string
    readonly task_id: string
    readonly patch: string
    readonly artifact_uri?: string | null
    readonly artifact_sha256?: string | null
    readonly artifact_size_bytes?: number | null
  }
  readonly replay_spec: ReplaySpec
  /** Of the whole frozen specification, private values included: checked before the replay, repeated with the result. */
  readonly replay_spec_hash?: string
}

export interface ReplayResult {
  readonly submission_id: string
  readonly status: 'accepted' | 'rejected' | 'error'
  readonly observed_metrics: Readonly<Record<string, number>>
  readonly notes: string
  readonly replay_log: string
  readonly reason_code?: string
  readonly spec_hash?: string
}

/** A step of a replay that could not be done: status `error` with this reason, never a verdict about the submission. */
export class ReplayFailed extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}
