import { is, type PlatformEvent } from '../core/platform-event'
import { evolveBatches } from './batches/evolve'
import type { CasterRules } from './rules'
import type { CasterState } from './state'
import { evolveValidators } from './validators/evolve'

/** A time may lie in the future by the longest window that can be set, and is good for that window after it. */
const SEEN_KEPT_MS = 2 * 900_000

export const initialState = (netuid: number): CasterState => ({
  netuid,
  policies: [],
  scripts: new Map(),
  contents: new Map(),
  newest: new Map(),
  datasets: new Map(),
  batches: new Map(),
  openBatchId: null,
  roster: null,
  rosterBatchId: null,
  rosterAtMs: 0,
  validators: new Map(),
  allowlist: new Set(),
  answer: null,
  served: new Map(),
  denied: new Map(),
  seen: new Map(),
  height: 0,
  blockTimeMs: 0,
  events: 0,
})

/** The state after an event. */
export const evolveWith =
  (rules: CasterRules) =>
  (state: CasterState, event: PlatformEvent): void => {
    state.height = event.height
    state.blockTimeMs = event.blockTime
    state.events++
    remember(state, event)
    if (is(event, 'PolicySet')) {
      if (event.payload.system === 'caster') addPolicy(state, event.payload.policy, rules)
      return
    }
    evolveBatches(state, event)
    evolveValidators(state, event)
  }

/** A policy that the mechanism would not read does not change what commands do. */
function addPolicy(state: CasterState, json: unknown, rules: CasterRules): void {
  try {
    state.policies.push(rules.readPolicy(json))
  } catch {
    return
  }
}

/** Requests that were taken or refused do not count again while their time would still pass. */
function remember(state: CasterState, { payload }: PlatformEvent): void {
  const { requestHash, at } = payload as { requestHash?: unknown; at?: number }
  if (typeof requestHash !== 'string' || at === undefined) return
  for (const [hash, seenAt] of state.seen) {
    if (seenAt >= at - SEEN_KEPT_MS) break
    state.seen.delete(hash)
  }
  state.seen.set(requestHash, at)
}
