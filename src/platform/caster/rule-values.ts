/** Values of the mechanism as commands see them; its own types fit without being imported. */

export interface Policy {
  readonly id: string
  readonly effectiveFromBlock: number
  readonly roster: 'top3' | 'champion'
  readonly challengers: 'cascade' | 'single_best'
  readonly shares: readonly number[]
  readonly burnUid: number
  readonly functioningHours: number
  readonly curationWrongShare: number
  /** Integer micro-USD as decimal text. */
  readonly sessionBudgetMicroUsd: string
}

export interface CasterRequest {
  readonly method: string
  /** Path with the query string. */
  readonly pathQs: string
  readonly body: Uint8Array | string
  readonly strict?: { readonly timestamp: number; readonly nonce: string }
}

/** Keyed by hotkey and artifact, never by uid (spec caster §7.4). */
export interface RosterEntry {
  readonly hotkey: string
  readonly artifactId: string
}

export type Roster = readonly (RosterEntry | null)[]

export interface SubmittedScript extends RosterEntry {
  readonly uid: number
  readonly submittedAtMs: number
}

export interface Standing extends SubmittedScript {
  readonly total: number
  readonly maximum: number
  readonly costUsd?: number
  readonly runtimeMs?: number
}

export interface ArtifactAggregate {
  readonly medians: ArrayLike<number>
  readonly total: number
  readonly costUsd?: number
  readonly runtimeMs?: number
}

export interface ValidatorMatrix {
  readonly validator: string
  readonly scores: readonly (readonly (number | null)[] | null)[]
  readonly costUsd?: readonly number[]
  readonly runtimeMs?: readonly number[]
}

export interface Aggregation {
  readonly artifacts: readonly ArtifactAggregate[]
  readonly counted: readonly string[]
  readonly excluded: readonly { readonly validator: string; readonly reason: string }[]
}

export interface Comparison {
  readonly order: number
  readonly challenger: RosterEntry & { readonly total: number }
  readonly incumbent: (RosterEntry & { readonly total: number | null }) | null
  readonly needed: number | null
  readonly beats: boolean
  readonly cause: 'score' | 'cost' | 'runtime' | null
  readonly effect: 'bootstrap' | 'promoted' | 'self_update' | 'unchanged'
}

export interface CitationPair {
  readonly receipt_id: string
  readonly result_id: string
}

export interface MinerResponse {
  readonly verdict: number
  readonly justification: string
  readonly citations: readonly CitationPair[]
}

export interface Receipt {
  readonly session: string
  readonly tool: string
  readonly policy: 'referenceable' | 'log_only'
  readonly results: Readonly<Record<string, { readonly url: string | null; readonly note: string | null }>>
}

export interface Hydration {
  readonly hydrated: readonly (CitationPair & { readonly url: string | null; readonly note: string | null })[]
  readonly dropped: readonly (CitationPair & { readonly position: number; readonly reason: string })[]
}

export type GradedAnswer =
  | { readonly status: 'answered'; readonly verdict: number }
  | { readonly status: 'failed'; readonly errorCode: string }

export interface Grade {
  readonly verdictScore: 0 | 0.5
  readonly supportScore: 0 | 0.5
  readonly total: 0 | 0.5 | 1
  readonly isGraderCalled: boolean
}

export interface Functioning {
  readonly functioning: boolean
  /** Hours until the gate shuts; 0 when it is shut. */
  readonly hoursLeft: number
  readonly reason: 'within_limit' | 'grace_since_registration' | 'limit_passed' | 'never_completed'
}

export interface Emission {
  readonly places: readonly {
    readonly hotkey: string
    readonly uid: number
    readonly place: number
    readonly share: number
  }[]
  readonly burn: number
  readonly absent: readonly string[]
}

export interface Curation {
  readonly accepted: boolean
  readonly wrong: number
  readonly total: number
  readonly wrongShare: number
}
