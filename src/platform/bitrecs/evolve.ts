import type { PlatformEvent } from '../core/platform-event'
import { evolveEvaluation } from './evaluation/evolve'
import { initialEvaluation } from './evaluation/state'
import type { BitrecsState } from './state'
import { EmbeddingIndex } from './submission/embedding-index'
import { evolveSubmission } from './submission/evolve'

export const initialState = (netuid: number): BitrecsState => ({
  netuid,
  agents: new Map(),
  byHotkey: new Map(),
  byGist: new Map(),
  byText: new Map(),
  bans: new Map(),
  unapproved: new Map(),
  nonces: new Map(),
  recentMs: [],
  embeddings: new EmbeddingIndex(),
  submissions: { enabled: true, reason: '' },
  evaluation: initialEvaluation(),
})

/** Submissions first: an evaluation's event may be about an agent that the same command made. */
export function evolve(state: BitrecsState, event: PlatformEvent): void {
  evolveSubmission(state, event)
  evolveEvaluation(state, event)
}
