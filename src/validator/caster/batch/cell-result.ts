import type { MinerResponse, ResponseFault } from '../../../mechanisms/caster/task-contract'

/** Why a cell has no verdict. Each hits one script on one claim alone; a batch goes on (gap C4). */
export type CellFault =
  | ResponseFault
  | 'sandbox_start_failed'
  | 'sandbox_invocation_failed'
  | 'agent_unavailable'
  | 'timeout'

export interface ReportedResult {
  readonly index: number
  readonly result_id: string
  readonly url: string | null
  readonly note: string | null
  readonly title: string | null
}

/** A successful tool call. Money as a decimal string of micro-USD; the float beside it is for people. */
export interface ReportedReceipt {
  readonly receipt_id: string
  readonly session_id: string
  readonly uid: number
  readonly tool: string
  readonly issued_at: string
  readonly outcome: 'ok'
  readonly metadata: {
    readonly request_hash: string
    readonly response_hash: string
    readonly results: readonly ReportedResult[]
    readonly result_policy: 'referenceable' | 'log_only'
    readonly cost_usd: number
    readonly cost_micro_usd: string
  }
}

export interface ReportedSession {
  readonly session_id: string
  readonly budget_micro_usd: string
  readonly used_micro_usd: string
  readonly opened_at: string
  readonly closed_at: string
}

export interface ReportedScore {
  readonly verdict_score: 0 | 0.5
  readonly support_score: 0 | 0.5
  readonly total: 0 | 0.5 | 1
  readonly grader_model: string | null
  readonly grader_rationale: string | null
}

/** Of a cell without a verdict. */
export const NO_SCORE: ReportedScore = {
  verdict_score: 0,
  support_score: 0,
  total: 0,
  grader_model: null,
  grader_rationale: null,
}

/** One script on one claim, as the platform reads it. */
export interface CellResult {
  readonly batch_id: string
  readonly artifact_id: string
  readonly claim_id: string
  readonly uid: number
  readonly status: 'answered' | 'failed'
  readonly error_code: CellFault | null
  readonly response: MinerResponse | null
  readonly citations: readonly {
    readonly receipt_id: string
    readonly result_id: string
    readonly url: string | null
    readonly note: string | null
  }[]
  readonly score: ReportedScore
  /** null: no session was opened, since there was no sandbox to give it to. */
  readonly session: ReportedSession | null
  readonly elapsed_ms: number
  readonly receipts: readonly ReportedReceipt[]
}

/** Name of a cell within its batch. */
export const cellKey = (artifactId: string, claimId: string) => `${artifactId}/${claimId}`
