/** Values that pass between commands and the mechanism; shapes only, so that neither layer imports the other. */

type Direction = 'minimize' | 'maximize'

export interface Policy {
  readonly id: string
  readonly effectiveFromBlock: number
  readonly comparator: {
    readonly version: string
    readonly noiseUnit: 'nats' | 'absolute'
    readonly band: number
    readonly tieBreaks: readonly ('artifact_bytes' | 'runtime_ms' | 'memory_bytes')[]
    readonly acceptsWorseInsideBand: boolean
  }
  readonly standardRule: 'first_result' | 'median'
  readonly medianMinResults: number
  readonly claimMinutes: number
  readonly clockSkewSeconds: number
  readonly enforcement: {
    readonly contractHotkey: string
    readonly contractShare: number
    readonly burnUid: number
    readonly burnShare: number
    readonly tolerance: number
  }
  readonly versionKey: number
  readonly epochLengthBlocks: number
}

/** Times are ms since the Unix epoch. */
export interface WorkClaim {
  readonly hotkey: string
  readonly status: 'active' | 'submitted' | 'cancelled' | 'expired'
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

export interface TaskRules {
  readonly metricName: string
  readonly metricDirection: Direction
  readonly rankingMode: 'scalar' | 'pareto'
  readonly secondaryMetricName?: string
  readonly secondaryMetricDirection?: Direction
  readonly competitionMode: 'centerless' | 'standard' | 'peer_evaluation'
  readonly minPeerEvaluations: number
}

export interface ReplaySpec {
  readonly repository: string
  readonly base_ref: string
  readonly base_commit_sha: string | null
  readonly setup_command: string | null
  readonly benchmark_command: string
  readonly result_path: string | null
  readonly allowed_patch_paths: readonly string[]
  readonly metric_name: string
  readonly metric_direction: Direction
  readonly ranking_mode: 'scalar' | 'pareto'
  readonly secondary_metric_name: string | null
  readonly secondary_metric_direction: Direction | null
  readonly validator_benchmark_env: Readonly<Record<string, string>>
  readonly time_budget_seconds: number
  readonly max_patch_bytes: number
}

export interface ReplayResult {
  readonly jobId: string
  readonly validator: string
  readonly status: 'accepted' | 'rejected' | 'error'
  readonly metric?: number
  readonly reason?: string
}

export interface PeerEvaluation {
  readonly evaluator: string
  readonly status: 'accepted' | 'rejected' | 'error'
  readonly metric?: number
}

export interface PeerTally {
  readonly accepted: number
  readonly rejected: number
  readonly metrics: readonly number[]
  readonly evaluators: readonly string[]
  readonly final:
    | { readonly status: 'accepted'; readonly metric: number }
    | { readonly status: 'rejected' }
    | null
}

/** What a decision about a submission may look at; claimed metrics are not among it. */
export interface SubmissionRecord {
  readonly author: string
  readonly results: readonly ReplayResult[]
  readonly peers: readonly PeerEvaluation[]
}

export type Acceptance =
  | { readonly status: 'pending_verification' }
  | { readonly status: 'accepted'; readonly metric: number; readonly decidedBy: string }
  | { readonly status: 'rejected'; readonly reason: string; readonly decidedBy: string }

export interface AcceptedResult {
  readonly submissionId: string
  readonly hotkey: string
  readonly metric: number
  readonly secondary?: number
  readonly artifact_bytes?: number
  readonly runtime_ms?: number
  readonly memory_bytes?: number
}

export interface Comparison {
  readonly wins: boolean
  readonly cause: string
  readonly delta: number | null
  readonly missing: number
  readonly comparatorVersion: string
}

export interface IdeaSubmission {
  readonly submissionId: string
  readonly hotkey: string
  readonly isAccepted: boolean
  readonly proposedIdea?: string
  readonly implementedSubmissionId?: string
}

export interface WeightPolicy {
  readonly mode: 'local' | 'burn_uid0' | 'targets'
  readonly targets: readonly { readonly uid?: number; readonly hotkey?: string; readonly weight: number }[]
  readonly transitionStatus?: string
}

export interface SnapshotView {
  readonly generatedAt: string
  readonly competitions: readonly {
    readonly slug: string
    readonly competitionMode: TaskRules['competitionMode']
    readonly scoringMode: string
    readonly rewardScope: string
    readonly weight: number
  }[]
  readonly weightPolicy: WeightPolicy
  readonly best: readonly {
    readonly taskSlug: string
    readonly submissionId: string
    readonly hotkey: string
    readonly metric: number
    readonly acceptedAtHeight: number
    readonly comparatorVersion: string
  }[]
  readonly ideas: readonly {
    readonly ideaSubmissionId: string
    readonly ideaHotkey: string
    readonly implementedBy: string
    readonly implementerHotkey: string
    readonly amountUnits: null
  }[]
}

export type ClaimVerdict = 'paid' | 'nothing_new' | 'below_minimum'

export interface LedgerFault {
  readonly rule: string
}
