import type { Policy } from './rule-values'
import type { CasterRules } from './rules'
import type { CasterState, Places } from './state'

/** The policy that holds at a block; the default before the first one. */
export const policyNow = (state: Readonly<CasterState>, rules: CasterRules, height: number): Policy =>
  rules.policyAt(state.policies, height) ?? rules.defaultPolicy

/** The roster with as many places as the policy has: a policy with fewer drops the last ones, one with more begins with them empty. */
export function rosterNow(state: Readonly<CasterState>, rules: CasterRules, policy: Policy): Places {
  const empty = rules.emptyRoster(policy)
  return empty.map((_, place) => state.roster?.[place] ?? null)
}
