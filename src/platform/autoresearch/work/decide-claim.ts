import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { type Answer, done, type Refusal, refuse } from '../answer'
import { type Gates, minerFault, replayFault } from '../auth/gates'
import type { Signer } from '../auth/signer'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState, Claim, Task } from '../state'
import { policyNow } from '../tasks/task-rules'
import { showClaim } from './show-claim'

/** What a miner's command knows of its sender. */
export interface Miner {
  readonly signer: Signer
  readonly isRegistered: boolean
}

/** Claims that one hotkey may hold open at once on one task. */
const OPEN_CLAIMS_MAX = 5

export interface ClaimInput extends Miner {
  readonly claimId: string
  readonly taskId: string
  readonly description: string
  readonly baseSubmissionId: string | null
}

/** Whether work on a task may begin or be handed in. */
export function taskFaultNow(
  task: Task | undefined,
): Pick<Refusal, 'status' | 'code' | 'reason'> | undefined {
  if (!task) return { status: 404, code: 'task_not_found', reason: 'There is no such task' }
  if (task.state !== 'live' || !task.record.is_active) {
    const state = task.state === 'live' ? 'inactive' : task.state
    return { status: 409, code: `task_${state}`, reason: `The task is ${state}` }
  }
  return undefined
}

/** POST /tasks/{id}/claim. Claims exclude nobody. */
export const openClaim =
  (input: ClaimInput, rules: AutoresearchRules, gates: Gates): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at, height }) => {
    const { claimId, taskId, description, baseSubmissionId, signer, isRegistered } = input
    const { account, hotkey, requestHash } = signer
    const no = (fault: Pick<Refusal, 'status' | 'code' | 'reason' | 'facts'>) =>
      refuse({ command: 'claim', subject: taskId, actor: account, requestHash, ...fault }, at)
    const fault =
      replayFault(state, signer) ??
      minerFault(state, gates, signer, isRegistered) ??
      taskFaultNow(state.tasks.get(taskId))
    if (fault) return no(fault)
    if (baseSubmissionId !== null && state.submissions.get(baseSubmissionId)?.taskId !== taskId)
      return no({
        status: 422,
        code: 'base_submission_unknown',
        reason: 'No submission of this task is the base',
      })
    const open = [...state.openClaims].filter((id) => {
      const claim = state.claims.get(id)!
      return claim.taskId === taskId && claim.hotkey === hotkey && at < claim.expiresAtMs
    })
    if (open.length >= OPEN_CLAIMS_MAX) {
      const facts = { open: open.length, most: OPEN_CLAIMS_MAX }
      return no({
        status: 409,
        code: 'too_many_open_claims',
        reason: 'Submit or cancel a claim first',
        facts,
      })
    }
    const { claimMinutes } = policyNow(state, rules, height)
    const made = rules.openClaim(hotkey, at, claimMinutes)
    const claim: Claim = {
      ...made,
      claimId,
      taskId,
      account,
      description,
      baseSubmissionId,
      updatedAtMs: at,
    }
    const payload = { claimId, taskId, hotkey: account, description, baseSubmissionId, requestHash, at }
    const event = draft('ClaimOpened', { ...payload, expiresAt: made.expiresAtMs }, { actor: account })
    return done(showClaim(claim, at), [event], { status: 201 })
  }

/** HTTP answers to what the mechanism refuses of a claim. */
export const CLAIM_REFUSALS: Readonly<Record<string, Pick<Refusal, 'status' | 'code' | 'reason'>>> = {
  not_owner: { status: 403, code: 'claim_not_owner', reason: 'The claim is another miner’s' },
  expired: { status: 409, code: 'claim_expired', reason: 'The claim has expired: open another' },
  cancelled: { status: 409, code: 'claim_cancelled', reason: 'The claim was cancelled' },
  already_submitted: {
    status: 409,
    code: 'claim_already_submitted',
    reason: 'A claim admits one submission',
  },
}

/** POST /claims/{id}/cancel. */
export const cancelClaim =
  (
    claimId: string,
    { signer }: Pick<Miner, 'signer'>,
    rules: AutoresearchRules,
  ): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at }) => {
    const { account, hotkey, requestHash } = signer
    const no = (fault: Pick<Refusal, 'status' | 'code' | 'reason' | 'facts'>) =>
      refuse({ command: 'cancel-claim', subject: claimId, actor: account, requestHash, ...fault }, at)
    const replayed = replayFault(state, signer)
    if (replayed) return no(replayed)
    const claim = state.claims.get(claimId)
    if (!claim) return no({ status: 404, code: 'claim_not_found', reason: 'There is no such claim' })
    const after = rules.actOnClaim(claim, 'cancel', hotkey, at)
    if (typeof after === 'string') return no(CLAIM_REFUSALS[after]!)
    const payload = { claimId, taskId: claim.taskId, hotkey: account, requestHash, at }
    const shown = showClaim({ ...claim, ...after, updatedAtMs: at }, at)
    return done(shown, [draft('ClaimCancelled', payload, { actor: account })])
  }

/** Claims written off in one command; the rest at the next tick. */
const EXPIRED_MAX = 500

/** Claims whose time has passed. Their state is told as expired from that moment on, event or not. */
export const expireClaims: Command<AutoresearchState, number> = (state, { timeMs: at }) => {
  const due: Claim[] = []
  for (const id of state.openClaims) {
    const claim = state.claims.get(id)!
    if (at >= claim.expiresAtMs && due.push(claim) >= EXPIRED_MAX) break
  }
  const events = due.map(({ claimId, taskId, account: hotkey }) =>
    draft('ClaimExpired', { claimId, taskId, hotkey, at }),
  )
  return { events, reply: due.length }
}
