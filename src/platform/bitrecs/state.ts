import type { Hex } from '../../log/envelope'
import type { EvaluationState } from './evaluation/state'
import type { EmbeddingIndex } from './submission/embedding-index'

/** Spec bitrecs.md §3.1. */
export type AgentStatus =
  | 'screening_1'
  | 'failed_screening_1'
  | 'screening_2'
  | 'failed_screening_2'
  | 'evaluating'
  | 'finished'

/** An accepted artifact. Its content is the blob `contentSha256`, read by `parseArtifact`. */
export interface Agent {
  /** UUID v4. */
  readonly agentId: string
  readonly hotkey: Hex
  /** Uid at the time of submission. */
  readonly uid: number
  readonly name: string
  readonly provider: string
  readonly model: string
  readonly temperature: number
  readonly gistId: string
  readonly githubAccount: string
  /** As GitHub says, in Python's isoformat. */
  readonly gistCreatedAt: string
  readonly contentSha256: string
  /** Block at which the commitment became public: `hotkey_gist.block` of the reference. */
  readonly block: number
  readonly commitHeight: number | null
  /** ms since the Unix epoch */
  readonly submittedAtMs: number
  /** Position among all agents: 0 is the first one accepted. */
  readonly ordinal: number
  /** Changed by the events of the evaluation only. */
  status: AgentStatus
}

export interface Ban {
  readonly reason: string
  readonly atMs: number
}

/** Everything that a command of the Bitrecs platform may look at: a fold of its log and nothing else. */
export interface BitrecsState {
  readonly netuid: number
  /** By agent id, in the order of acceptance. */
  readonly agents: Map<string, Agent>
  /** Agent id by hotkey, for ever. */
  readonly byHotkey: Map<Hex, string>
  /** Agent id by gist id, for ever. */
  readonly byGist: Map<string, string>
  /** Agent id by SHA-256 of what artifacts are compared by: the first one with it. */
  readonly byText: Map<string, string>
  readonly bans: Map<Hex, Ban>
  readonly unapproved: Map<string, Ban>
  /** Signed time (ms) by `<hotkey>:<nonce>`; forgotten when the window has long passed. */
  readonly nonces: Map<string, number>
  /** Times of acceptance (ms) within the longest interval that counts. */
  readonly recentMs: number[]
  readonly embeddings: EmbeddingIndex
  /** The operator's switch; on until told otherwise. */
  submissions: { readonly enabled: boolean; readonly reason: string }
  readonly evaluation: EvaluationState
}

/** Out of queues, scores and lists. */
export const isExcluded = (state: BitrecsState, agent: Agent): boolean =>
  state.bans.has(agent.hotkey) || state.unapproved.has(agent.agentId)
