import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { type Answer, done, refuse } from '../answer'
import type { WeightPolicy } from '../rule-values'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState } from '../state'
import { policyNow } from '../tasks/task-rules'

export interface RewardPolicyInput {
  readonly mode: 'local' | 'burn_uid0' | 'targets'
  readonly targets: readonly { readonly uid?: number; readonly hotkey?: string; readonly weight: number }[]
  readonly transitionStatus: 'blocked' | 'ready' | 'active'
}

/** The reward policy in the words of the snapshot. */
export function showRewardPolicy(
  state: Readonly<AutoresearchState>,
  rules: AutoresearchRules,
): Record<string, unknown> {
  const { enforcement } = policyNow(state, rules, state.height)
  const held = state.rewardPolicy
  return {
    validator_weights: { mode: held?.mode ?? 'local', targets: held?.targets ?? [] },
    transition_policy: {
      status: held?.transitionStatus ?? 'blocked',
      required_contract_hotkey: enforcement.contractHotkey,
      required_contract_weight: enforcement.contractShare,
      remaining_weight: enforcement.burnShare,
    },
    origin: held?.origin ?? null,
  }
}

/** PUT /reward-policy: what the weights' own rules would not take is not recorded. */
export const setRewardPolicy =
  (
    input: RewardPolicyInput,
    rules: AutoresearchRules,
    origin: 'default' | 'operator',
  ): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at, height }) => {
    const { enforcement } = policyNow(state, rules, height)
    const parsed = rules.parseWeightPolicy(input as WeightPolicy, enforcement)
    if (parsed.kind === 'rejected') {
      const reason = parsed.reason ?? 'rejected'
      const refusal = { command: 'set-reward-policy', status: 422, code: 'reward_policy_rejected', reason }
      return refuse(refusal, at)
    }
    const targets = input.targets.map((target) => ({ ...target }))
    return done({}, [draft('RewardPolicySet', { ...input, targets, origin, at })])
  }

/** What holds before anybody decides otherwise: the published split of SN94, written into the log as data. */
export const recordDefaultPolicy =
  (rules: AutoresearchRules): Command<AutoresearchState, boolean> =>
  (state, moment) => {
    if (state.rewardPolicy) return { events: [], reply: false }
    const { contractHotkey, contractShare, burnUid, burnShare } = policyNow(
      state,
      rules,
      moment.height,
    ).enforcement
    const input: RewardPolicyInput = {
      mode: 'targets',
      targets: [
        { uid: burnUid, weight: burnShare },
        { hotkey: contractHotkey, weight: contractShare },
      ],
      transitionStatus: 'active',
    }
    return { events: setRewardPolicy(input, rules, 'default')(state, moment).events, reply: true }
  }
