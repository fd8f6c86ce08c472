import type { Hex } from '../../../log/envelope'
import type { Command } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import { addressOf } from '../../core/signatures'
import { policyNow, rosterNow } from '../policy-now'
import type { Aggregation, Comparison, Roster, RosterEntry, ValidatorMatrix } from '../rule-values'
import type { CasterRules } from '../rules'
import { type Batch, type CasterState, type Entry, rowKey } from '../state'
import { missingRows } from './record-row'

export const AGGREGATION_RULE = 'caster-aggregation/1'
export const ROSTER_RULE = 'caster-roster/1'

const MICRO_PER_USD = 1_000_000

/** What the log says that each validator graded: of everyone the batch was sent to, in the order of their accounts. */
export function matricesOf(batch: Batch): (ValidatorMatrix & { readonly account: Hex })[] {
  return [...batch.deliveries.keys()].sort().map((account) => {
    const rows = batch.candidates.map(({ artifactId }) => batch.rows.get(rowKey(account, artifactId)))
    return {
      account,
      validator: addressOf(account),
      scores: rows.map((row) => row?.scores ?? null),
      costUsd: rows.map((row) => Number(row?.costMicroUsd ?? 0n) / MICRO_PER_USD),
      runtimeMs: rows.map((row) => row?.runtimeMs ?? 0),
    }
  })
}

/** Totals, comparisons and the roster of a closed batch whose results are all in the log (spec caster §6, §7). */
export const decideBatch =
  (batchId: string, rules: CasterRules): Command<CasterState, boolean> =>
  (state, { timeMs: at, height }) => {
    const batch = state.batches.get(batchId)
    if (batch?.status !== 'closed' || missingRows(batch).length > 0) return { events: [], reply: false }
    const policy = policyNow(state, rules, height)
    const before = rosterNow(state, rules, policy)
    const { candidates, claimIds } = batch
    const aggregation = rules.aggregate(matricesOf(batch), candidates.length, claimIds.length)
    const scripts = candidates.map(({ hotkey, artifactId, uid, submittedAt: submittedAtMs }) => ({
      hotkey: addressOf(hotkey),
      artifactId,
      uid,
      submittedAtMs,
    }))
    const scored =
      aggregation.counted.length > 0 ? rules.withTotals(scripts, aggregation.artifacts, claimIds.length) : []
    const named = before.map((entry) => entry && { ...entry, hotkey: addressOf(entry.hotkey) })
    const { roster, comparisons } = rules.decideRoster(named, scored, policy)
    const accountOf = accountsIn(candidates, before)
    const after = toAccounts(roster, accountOf)
    const moved = {
      batchId,
      before: [...before],
      after,
      cause: causeOf(comparisons, aggregation),
      ruleVersion: ROSTER_RULE,
      policyId: policy.id,
      at,
    }
    const isChanged = comparisons.some(({ beats }) => beats)
    const events = [
      ...aggregated(batch, aggregation, policy.id, at),
      ...comparisons.map((comparison) => compared(batchId, comparison, accountOf, policy.id, at)),
      isChanged ? draft('RosterChanged', moved) : draft('RosterUnchanged', moved),
    ]
    return { events, reply: true }
  }

type AccountOf = (hotkey: string) => Hex

function accountsIn(candidates: Batch['candidates'], before: readonly (Entry | null)[]): AccountOf {
  const known = [...candidates, ...before.filter((entry) => entry !== null)]
  const accounts = new Map(known.map(({ hotkey }) => [addressOf(hotkey), hotkey]))
  return (hotkey) => accounts.get(hotkey)!
}

const toAccounts = (roster: Roster, accountOf: AccountOf) =>
  roster.map((entry) => entry && entryOf(entry, accountOf))

const entryOf = ({ hotkey, artifactId }: RosterEntry, accountOf: AccountOf) => ({
  hotkey: accountOf(hotkey),
  artifactId,
})

/** Why the roster is as it is now: of the last one that won, or why nobody did. */
function causeOf(comparisons: readonly Comparison[], { counted }: Aggregation): string {
  if (counted.length === 0) return 'no_complete_validator'
  const won = comparisons.findLast(({ beats }) => beats)
  if (won) return won.effect
  return comparisons.length === 0 ? 'no_challenger' : 'first_not_beaten'
}

function aggregated(
  batch: Batch,
  { artifacts, counted, excluded }: Aggregation,
  policyId: string,
  at: number,
): PlatformDraft[] {
  const accounts = new Map([...batch.deliveries.keys()].map((account) => [addressOf(account), account]))
  const validatorsCounted = counted.map((validator) => accounts.get(validator)!)
  const validatorsExcluded = excluded.map(({ validator, reason }) => {
    const hotkey = accounts.get(validator)!
    return { hotkey, reason: batch.deliveries.get(hotkey)?.reason ?? reason }
  })
  return artifacts.map(({ medians, total, costUsd, runtimeMs }, index) => {
    const { artifactId, hotkey } = batch.candidates[index]!
    return draft('ScoresAggregated', {
      batchId: batch.batchId,
      artifactId,
      hotkey,
      perClaimMedian: Array.from(medians),
      total,
      costUsd: costUsd ?? null,
      runtimeMs: runtimeMs ?? null,
      validatorsCounted,
      validatorsExcluded,
      ruleVersion: AGGREGATION_RULE,
      policyId,
      at,
    })
  })
}

function compared(
  batchId: string,
  { order, challenger, incumbent, needed, beats, cause, effect }: Comparison,
  accountOf: AccountOf,
  policyId: string,
  at: number,
): PlatformDraft {
  return draft('ChallengerCompared', {
    batchId,
    order,
    challenger: { ...entryOf(challenger, accountOf), total: challenger.total },
    incumbent: incumbent && { ...entryOf(incumbent, accountOf), total: incumbent.total },
    needed,
    beats,
    cause,
    effect,
    ruleVersion: ROSTER_RULE,
    policyId,
    at,
  })
}
