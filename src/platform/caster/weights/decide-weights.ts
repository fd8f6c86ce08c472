import type { Metagraph } from '../../core/chain-facts'
import type { Command } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import { refusalBody } from '../answer'
import { type Fault, type Gates, validatorFault } from '../auth/faults'
import type { Signer } from '../auth/signer'
import { policyNow } from '../policy-now'
import type { CasterRules } from '../rules'
import type { CasterState } from '../state'
import { gateOf } from '../validators/decide-validator'
import { answerOf } from './answer-of'

export interface WeightsReply {
  readonly status: number
  /** The exact bytes, whose hash the log has. */
  readonly body: string
}

export interface Asking {
  readonly signer: Signer
  readonly metagraph: Metagraph
  readonly gates: Gates
}

/** GET /v1/weights: only validators with a permit whose gate is open are answered, and the log has each answer and each change of a refusal once. */
export const serveWeights =
  ({ signer, metagraph, gates }: Asking, rules: CasterRules): Command<CasterState, WeightsReply> =>
  (state, { timeMs: at, height }) => {
    const { account: validator } = signer
    const denied = deniedWhy(state, { signer, metagraph, gates }, rules, { at, height })
    if (denied) {
      const body = JSON.stringify(refusalBody(denied))
      // A stranger could fill the log with names: only of validators is it told when they are turned away.
      const isKnown = state.validators.has(validator) || metagraph.uidOf.has(validator)
      const isNew = isKnown && state.denied.get(validator) !== denied.code
      const events = isNew ? [draft('WeightsDenied', { validator, reason: denied.code, at })] : []
      return { events, reply: { status: denied.status, body } }
    }
    const policy = policyNow(state, rules, height)
    const answer = answerOf(state, metagraph, policy, rules)
    const { sha256: weightsSha256, roster, uidMap, weights, body } = answer
    const { answer: last, rosterBatchId: batchId } = state
    const isNewAnswer =
      last?.weightsSha256 !== weightsSha256 || last.batchId !== batchId || last.policyId !== policy.id
    const events: PlatformDraft[] = []
    if (isNewAnswer) {
      const computed = { roster: [...roster], uidMap, weights, height: metagraph.height, policyId: policy.id }
      events.push(draft('WeightsComputed', { batchId, ...computed, weightsSha256, at }))
    }
    const isServed = !isNewAnswer && state.served.get(validator) === last?.number
    if (!isServed || state.denied.has(validator))
      events.push(draft('WeightsServed', { validator, weightsSha256, at }))
    return { events, reply: { status: 200, body } }
  }

function deniedWhy(
  state: Readonly<CasterState>,
  { signer, metagraph, gates }: Asking,
  rules: CasterRules,
  { at, height }: { readonly at: number; readonly height: number },
): Fault | undefined {
  const { account, hotkey } = signer
  const fault = validatorFault(state.netuid, metagraph, gates, signer)
  if (fault) return fault
  const validator = state.validators.get(account)
  if (!validator) {
    const reason = 'Register an endpoint first: POST /v1/validators/register'
    return { status: 403, code: 'validator_not_registered', reason, facts: { hotkey } }
  }
  const policy = policyNow(state, rules, height)
  const { functioning, reason } = gateOf(validator, at, rules, policy)
  if (functioning) return undefined
  return {
    status: 403,
    code: 'validator_not_functioning',
    reason: `The gate is shut: ${reason}`,
    facts: {
      reason,
      hours_left: 0,
      limit_hours: policy.functioningHours,
      first_registered_at: new Date(validator.firstAtMs).toISOString(),
      last_success_at:
        validator.lastSuccessAtMs === null ? null : new Date(validator.lastSuccessAtMs).toISOString(),
    },
  }
}
