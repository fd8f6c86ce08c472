import type { Hex } from '../../../log/envelope'
import type { Metagraph } from '../../core/chain-facts'
import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { addressOf } from '../../core/signatures'
import { type Answer, done, refuse } from '../answer'
import { type Fault, type Gates, replayFault, validatorFault } from '../auth/faults'
import type { Signer } from '../auth/signer'
import { policyNow } from '../policy-now'
import type { Policy } from '../rule-values'
import type { CasterRules } from '../rules'
import type { CasterState, Validator } from '../state'

const MS_PER_HOUR = 3_600_000

export interface Registering {
  readonly signer: Signer
  readonly baseUrl: string | Fault
  readonly metagraph: Metagraph
  readonly gates: Gates
}

/** POST /v1/validators/register: registering again changes the address and never the clock (spec caster §9). */
export const registerValidator =
  ({ signer, baseUrl, metagraph, gates }: Registering): Command<CasterState, Answer> =>
  (state, { timeMs: at }) => {
    const { account, hotkey, requestHash } = signer
    const no = (fault: Fault) =>
      refuse({ command: 'register-validator', subject: hotkey, actor: account, requestHash, ...fault }, at)
    const replayed = replayFault(state, signer)
    if (replayed) return no(replayed)
    const fault = validatorFault(state.netuid, metagraph, gates, signer)
    if (fault) return no(fault)
    if (typeof baseUrl !== 'string') return no(baseUrl)
    const firstAt = state.validators.get(account)?.firstAtMs ?? at
    const uid = metagraph.uidOf.get(account)!
    const payload = { hotkey: account, uid, baseUrl, firstAt, requestHash, at }
    return done({ status: 'ok' }, [draft('ValidatorRegistered', payload, { actor: account })])
  }

/** The gate of a validator at a moment: a pure function of its clock (invariant 12). */
export const gateOf = (validator: Validator, nowMs: number, rules: CasterRules, policy: Policy) =>
  rules.functioning(
    { firstRegisteredAtMs: validator.firstAtMs, lastSuccessAtMs: validator.lastSuccessAtMs },
    nowMs,
    policy,
  )

/** When the gate shuts if nothing is completed before; null: it is shut. */
const shutsAt = ({ lastSuccessAtMs, firstAtMs }: Validator, isOpen: boolean, policy: Policy) =>
  isOpen ? Math.round((lastSuccessAtMs ?? firstAtMs) + policy.functioningHours * MS_PER_HOUR) : null

/** Gates that are not as they were last recorded. */
export function changedGates(
  state: Readonly<CasterState>,
  rules: CasterRules,
  nowMs: number,
  height: number,
) {
  const policy = policyNow(state, rules, height)
  return [...state.validators.values()].flatMap((validator) => {
    const { functioning, reason } = gateOf(validator, nowMs, rules, policy)
    const { hotkey, gate, lastSuccessAtMs: lastSuccessAt } = validator
    const shuts = shutsAt(validator, functioning, policy)
    const isSame =
      gate !== null &&
      gate.functioning === functioning &&
      gate.reason === reason &&
      gate.lastSuccessAtMs === lastSuccessAt &&
      gate.shutsAtMs === shuts
    return isSame ? [] : [{ hotkey, lastSuccessAt, functioning, reason, shutsAt: shuts }]
  })
}

/** From the clock: the log says when a gate opened or shut, not only who asked. */
export const recordGates =
  (rules: CasterRules): Command<CasterState, number> =>
  (state, { timeMs: at, height }) => {
    const changed = changedGates(state, rules, at, height)
    return {
      events: changed.map((gate) => draft('ValidatorFunctioningChanged', { ...gate, at })),
      reply: changed.length,
    }
  }

/** POST and DELETE of the allowlist: it says who is sent batches, and nothing else. */
export const changeAllowlist =
  (hotkey: Hex, added: boolean): Command<CasterState, Answer> =>
  (state, { timeMs: at }) => {
    const body = { hotkey: addressOf(hotkey), allowlisted: added }
    if (state.allowlist.has(hotkey) === added) return done(body)
    return done(body, [draft('AllowlistChanged', { hotkey, added, actor: 'admin', at })])
  }
