import type { Hex } from '../../log/envelope'
import type { Functioning, Policy } from './rule-values'

/** A place of the roster: the account as hex, and the artifact that won it. */
export interface Entry {
  readonly hotkey: Hex
  readonly artifactId: string
}

export type Places = readonly (Entry | null)[]

export interface Script {
  readonly artifactId: string
  readonly hotkey: Hex
  readonly uidAtSubmit: number
  readonly contentSha256: string
  readonly bytes: number
  readonly submittedAtMs: number
}

export interface Dataset {
  readonly datasetId: string
  readonly claimsSha256: string
  readonly claimIds: readonly string[]
  readonly factoidWindow: { readonly from: number; readonly to: number }
  readonly referenceModel: string
  readonly champion: Entry | null
  readonly championWrong: number
  readonly total: number
  readonly accepted: boolean
  readonly atMs: number
  /** Its claims become known with this batch, so no other may have them. */
  batchId: string | null
}

export interface Candidate {
  readonly hotkey: Hex
  readonly uid: number
  readonly artifactId: string
  readonly contentSha256: string
  readonly bytes: number
  readonly submittedAt: number
}

/** A batch at one validator. */
export interface Delivery {
  readonly validator: Hex
  readonly baseUrl: string
  readonly status: 'sent' | 'accepted' | 'completed' | 'failed'
  /** Times that the batch was sent. */
  readonly attempt: number
  readonly sentAtMs: number
  readonly endedAtMs: number | null
  readonly resultsSha256: string | null
  readonly reason: string | null
  readonly detail: string | null
}

/** What one validator graded of one script; claims in the order of the batch. */
export interface Row {
  readonly scores: (number | null)[]
  graded: number
  costMicroUsd: bigint
  runtimeMs: number
}

export interface Batch {
  readonly batchId: string
  readonly entrypoint: string
  readonly datasetId: string
  readonly claimsSha256: string
  readonly claimIds: readonly string[]
  readonly positionOf: ReadonlyMap<string, number>
  readonly cutoffAtMs: number
  readonly closesAtMs: number
  readonly candidates: readonly Candidate[]
  readonly champion: Entry | null
  readonly championUid: number | null
  readonly createdAtMs: number
  status: 'created' | 'closed' | 'decided'
  closedAtMs: number | null
  cause: string | null
  readonly deliveries: Map<Hex, Delivery>
  /** By validator and artifact; empty again when the batch is decided. */
  readonly rows: Map<string, Row>
}

export interface Validator {
  readonly hotkey: Hex
  readonly uid: number
  readonly baseUrl: string
  readonly firstAtMs: number
  readonly registeredAtMs: number
  readonly lastSuccessAtMs: number | null
  /** The gate as it was last recorded; null before the first look. */
  readonly gate: {
    readonly lastSuccessAtMs: number | null
    readonly functioning: boolean
    readonly reason: Functioning['reason']
    readonly shutsAtMs: number | null
  } | null
}

/** The newest answer to the weights query. */
export interface Answered {
  /** 0, 1, 2, … */
  readonly number: number
  readonly batchId: string | null
  readonly weightsSha256: string
  readonly policyId: string
}

/** Everything that a command of the Caster platform may look at: a fold of its log and nothing else. */
export interface CasterState {
  readonly netuid: number
  readonly policies: Policy[]
  readonly scripts: Map<string, Script>
  /** Artifact by content: for ever, over all hotkeys. */
  readonly contents: Map<string, string>
  readonly newest: Map<Hex, string>
  readonly datasets: Map<string, Dataset>
  readonly batches: Map<string, Batch>
  /** The one batch that is not decided yet. */
  openBatchId: string | null
  roster: Places | null
  rosterBatchId: string | null
  rosterAtMs: number
  readonly validators: Map<Hex, Validator>
  readonly allowlist: Set<Hex>
  answer: Answered | null
  /** Number of the answer that a validator was last served. */
  readonly served: Map<Hex, number>
  /** Why a validator was last denied; gone when it is served again. */
  readonly denied: Map<Hex, string>
  /** When a signed request was taken (ms), by its hash; forgotten when its time has long passed. */
  readonly seen: Map<string, number>
  /** The block that the newest event is tied to. */
  height: number
  blockTimeMs: number
  events: number
}

export const rowKey = (validator: Hex, artifactId: string): string => `${validator}/${artifactId}`
