import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { accountOf, addRow, replaceRow, shown, shownJson } from '../fold/event-rows'
import type { Projection, Sink } from '../fold/projection'
import { accountOrNull } from '../fold/row-values'
import { FACTS, heldBy } from '../fold/table-rule'

const AGGREGATE = 'caster_aggregate'
const COMPARISON = 'caster_comparison'
const ROSTER = 'caster_roster'

/** Totals of each batch, every comparison, and the roster after each batch. */
export const casterRoster: Projection = {
  name: 'caster_roster',
  version: 1,
  log: 'platform',
  tables: {
    [AGGREGATE]: { ...FACTS, hasOrdinal: true },
    [COMPARISON]: { ...FACTS, hasOrdinal: true },
    [ROSTER]: { ...heldBy('netuid'), hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'ScoresAggregated') addAggregate(event, sink)
    else if (event.type === 'ChallengerCompared') addComparison(event, sink)
    else if (event.type === 'RosterChanged' || event.type === 'RosterUnchanged') setRoster(event, sink)
  },
}

function addAggregate(event: LogEvent, sink: Sink): void {
  const scored = event.payload as PayloadOf<'ScoresAggregated'>
  addRow(sink, AGGREGATE, event, {
    batch_id: scored.batchId,
    artifact_id: scored.artifactId,
    hotkey: accountOf(scored.hotkey),
    per_claim_median: scored.perClaimMedian,
    total: scored.total,
    cost_usd: scored.costUsd,
    runtime_ms: scored.runtimeMs,
    validators_counted: scored.validatorsCounted,
    validators_excluded: shownJson(scored.validatorsExcluded),
    rule_version: shown(scored.ruleVersion),
    policy_id: shown(scored.policyId),
    aggregated_at: String(scored.at),
  })
}

function addComparison(event: LogEvent, sink: Sink): void {
  const compared = event.payload as PayloadOf<'ChallengerCompared'>
  const { challenger, incumbent } = compared
  addRow(sink, COMPARISON, event, {
    batch_id: compared.batchId,
    position: compared.order,
    challenger: accountOf(challenger.hotkey),
    challenger_artifact: challenger.artifactId,
    challenger_total: challenger.total,
    incumbent: accountOrNull(incumbent?.hotkey as `0x${string}` | undefined),
    incumbent_artifact: incumbent?.artifactId ?? null,
    incumbent_total: incumbent?.total ?? null,
    needed: compared.needed,
    beats: compared.beats,
    cause: compared.cause,
    effect: compared.effect,
    rule_version: shown(compared.ruleVersion),
    policy_id: shown(compared.policyId),
    compared_at: String(compared.at),
  })
}

function setRoster(event: LogEvent, sink: Sink): void {
  const { batchId, before, after, cause, ruleVersion, policyId, at } =
    event.payload as PayloadOf<'RosterChanged'>
  replaceRow(
    sink,
    ROSTER,
    event,
    { key: {}, reason: 'next batch' },
    {
      batch_id: batchId,
      before,
      after,
      changed: event.type === 'RosterChanged',
      cause: shown(cause),
      rule_version: shown(ruleVersion),
      policy_id: shown(policyId),
      decided_at: String(at),
    },
  )
}
