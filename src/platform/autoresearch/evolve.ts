import type { PayloadOf } from '../../log/catalogue'
import { is, type PlatformEvent } from '../core/platform-event'
import { addressOf } from '../core/signatures'
import { evolveClaims } from './claims/evolve'
import { initialClaims } from './claims/state'
import { evolveResults } from './results/evolve'
import type { AutoresearchRules } from './rules'
import type { AutoresearchState, Task } from './state'
import type { TaskRecord } from './tasks/task-record'

const MS_PER_SECOND = 1_000
/** A timestamp may lie in the future by the window and is good for the window after it. */
const WINDOWS_KEPT = 2

export const initialState = (netuid: number): AutoresearchState => ({
  netuid,
  policies: [],
  tasks: new Map(),
  slugs: new Map(),
  claims: new Map(),
  openClaims: new Set(),
  submissions: new Map(),
  byTask: new Map(),
  replayable: new Set(),
  jobs: new Map(),
  openJobs: new Map(),
  votes: [],
  standings: new Map(),
  ideas: [],
  stakes: new Map(),
  seen: new Map(),
  rewardPolicy: null,
  merkle: initialClaims(),
  height: 0,
  blockTimeMs: 0,
  events: 0,
})

/** The state after an event. */
export const evolveWith =
  (rules: AutoresearchRules) =>
  (state: AutoresearchState, event: PlatformEvent): void => {
    state.height = event.height
    state.blockTimeMs = event.blockTime
    state.events++
    remember(state, event, rules)
    if (is(event, 'PolicySet')) {
      if (event.payload.system === 'autoresearch') addPolicy(state, event.payload.policy, rules)
    } else if (is(event, 'TaskPosted') || is(event, 'TaskEdited')) setTask(state, event.payload)
    else if (is(event, 'TaskStateChanged')) changeTask(state, event.payload)
    else if (is(event, 'RewardPolicySet')) {
      const { mode, targets, transitionStatus, at: atMs, origin } = event.payload
      state.rewardPolicy = { mode, targets: targets as never, transitionStatus, atMs, origin }
    } else if (is(event, 'MinerStakeObserved')) {
      const { hotkey, stakeRao, atHeight } = event.payload
      state.stakes.set(hotkey as never, { stakeRao: BigInt(stakeRao), atHeight })
    } else {
      evolveWork(state, event)
      evolveResults(state, event)
      evolveClaims(state.merkle, event)
    }
  }

/** A policy that the mechanism would not read does not change what commands do. */
function addPolicy(state: AutoresearchState, json: unknown, rules: AutoresearchRules): void {
  try {
    state.policies.push(rules.readPolicy(json))
  } catch {
    return
  }
}

/** Requests that were taken or refused do not count again while their timestamp would still pass. */
function remember(state: AutoresearchState, { payload }: PlatformEvent, rules: AutoresearchRules): void {
  const { requestHash, at } = payload as { requestHash?: unknown; at?: number }
  if (typeof requestHash !== 'string' || at === undefined) return
  const skews = [rules.defaultPolicy, ...state.policies].map((policy) => policy.clockSkewSeconds)
  const oldest = at - WINDOWS_KEPT * Math.max(...skews) * MS_PER_SECOND
  for (const [hash, seenAt] of state.seen) {
    if (seenAt >= oldest) break
    state.seen.delete(hash)
  }
  state.seen.set(requestHash, at)
}

function setTask(state: AutoresearchState, payload: PayloadOf<'TaskPosted'>): void {
  const { taskId, slug, record, env, specHash, at } = payload
  const known = state.tasks.get(taskId)
  state.slugs.set(slug, taskId)
  const task: Task = {
    taskId,
    record: record as TaskRecord,
    env,
    specHash,
    state: known?.state ?? 'live',
    createdAtMs: known?.createdAtMs ?? at,
    updatedAtMs: at,
  }
  state.tasks.set(taskId, task)
}

function changeTask(state: AutoresearchState, { taskId, to, at }: PayloadOf<'TaskStateChanged'>): void {
  const task = state.tasks.get(taskId)
  if (task) state.tasks.set(taskId, { ...task, state: to, updatedAtMs: at })
}

function evolveWork(state: AutoresearchState, event: PlatformEvent): void {
  if (is(event, 'ClaimOpened')) {
    const { claimId, taskId, hotkey, description, baseSubmissionId, expiresAt, at } = event.payload
    state.claims.set(claimId, {
      claimId,
      taskId,
      account: hotkey as never,
      hotkey: addressOf(hotkey as never),
      description,
      baseSubmissionId,
      status: 'active',
      createdAtMs: at,
      updatedAtMs: at,
      expiresAtMs: expiresAt,
    })
    state.openClaims.add(claimId)
  } else if (is(event, 'ClaimCancelled')) endClaim(state, event.payload, 'cancelled')
  else if (is(event, 'ClaimExpired')) endClaim(state, event.payload, 'expired')
  else if (is(event, 'ClaimConsumed')) endClaim(state, event.payload, 'submitted')
  else if (is(event, 'IdeaLinked')) {
    const { submissionId, implementsSubmissionId } = event.payload
    state.ideas.push({ submissionId, implements: implementsSubmissionId })
  }
}

function endClaim(
  state: AutoresearchState,
  { claimId, at }: { readonly claimId: string; readonly at: number },
  status: 'cancelled' | 'expired' | 'submitted',
): void {
  const claim = state.claims.get(claimId)
  if (claim) state.claims.set(claimId, { ...claim, status, updatedAtMs: at })
  state.openClaims.delete(claimId)
}
