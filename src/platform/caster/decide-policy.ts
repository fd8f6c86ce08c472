import { LedgerError } from '../../errors/ledger-error'
import type { Command } from '../core/decider'
import { draft } from '../core/platform-event'
import { type Answer, done, refuse } from './answer'
import type { Policy } from './rule-values'
import type { CasterRules } from './rules'
import type { CasterState } from './state'

/** PUT /v1/policy: margin, shares, gate and the rest, from a block on, never before the present one. */
export const setPolicy =
  (json: unknown, rules: CasterRules): Command<CasterState, Answer> =>
  (state, { timeMs: at, height }) => {
    const no = (status: number, code: string, reason: string) =>
      refuse({ command: 'set-policy', status, code, reason }, at)
    const policy = readOf(json, rules)
    if (policy instanceof LedgerError) return no(422, 'policy_invalid', policy.message)
    const { id: policyId, effectiveFromBlock } = policy
    if (state.policies.some(({ id }) => id === policyId))
      return no(409, 'policy_known', 'A policy has this id already')
    if (effectiveFromBlock < height)
      return no(409, 'policy_backdated', `What was decided before block ${height} was decided for good`)
    const origin = 'operator' as const
    return done({ policy_id: policyId, effective_from_block: effectiveFromBlock }, [
      draft('PolicySet', { system: 'caster', policyId, effectiveFromBlock, policy, origin, at }),
    ])
  }

function readOf(json: unknown, rules: CasterRules): Policy | LedgerError {
  try {
    return rules.readPolicy(json)
  } catch (error) {
    if (error instanceof LedgerError) return error
    throw error
  }
}
