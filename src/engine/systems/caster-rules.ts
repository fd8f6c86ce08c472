import { caster } from '../../mechanisms/caster'
import { aggregate } from '../../mechanisms/caster/aggregation'
import { batchCandidates, curate, withTotals } from '../../mechanisms/caster/batch'
import { rosterEmission, weightsByUid } from '../../mechanisms/caster/emission'
import { functioning } from '../../mechanisms/caster/functioning'
import { grade } from '../../mechanisms/caster/grading'
import type { CasterPolicy } from '../../mechanisms/caster/policy'
import { hydrate } from '../../mechanisms/caster/receipts'
import { decideRoster, emptyRoster } from '../../mechanisms/caster/roster'
import { checkScript, MAX_SCRIPT_BYTES } from '../../mechanisms/caster/script'
import { parseAuthorization, signingMessage } from '../../mechanisms/caster/signing'
import { parseResponse, requestFault } from '../../mechanisms/caster/task-contract'
import { policyAt } from '../../mechanisms/policy-history'
import type { Policy } from '../../platform/caster/rule-values'
import type { CasterRules } from '../../platform/caster/rules'

/** The platform sees a part of each policy; what it hands back is what `readPolicy` gave it. */
const whole = (policy: Policy) => policy as CasterPolicy

/** The mechanism as the platform's commands use it. */
export const casterRules: CasterRules = {
  defaultPolicy: caster.defaultPolicy,
  readPolicy: caster.readPolicy,
  policyAt,
  signingMessage,
  parseAuthorization,
  maxScriptBytes: MAX_SCRIPT_BYTES,
  checkScript,
  requestFault,
  parseResponse,
  grade,
  hydrate,
  curate,
  batchCandidates,
  aggregate,
  withTotals: (candidates, aggregates, taskCount) =>
    withTotals(
      candidates,
      aggregates.map(({ total, costUsd, runtimeMs }) => ({
        total,
        ...(costUsd !== undefined && { costUsd }),
        ...(runtimeMs !== undefined && { runtimeMs }),
      })),
      taskCount,
    ),
  emptyRoster,
  decideRoster: (before, candidates, policy) => decideRoster(before, candidates, whole(policy)),
  rosterEmission: (roster, uidOf, policy) => rosterEmission(roster, uidOf, whole(policy)),
  weightsByUid,
  functioning: (clock, nowMs, policy) => functioning(clock, nowMs, whole(policy)),
}
