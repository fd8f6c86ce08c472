import type { PayloadOf } from '../../log/catalogue'
import { CASTER_TOP3_POLICY } from '../../mechanisms/caster/policy'
import { draft, type PlatformDraft } from '../../platform/core/platform-event'
import { entry, type Script, type TestBatch } from './test-caster-drafts'

const ruled = { ruleVersion: 'caster-rules/1', policyId: CASTER_TOP3_POLICY.id }

export interface Compared {
  readonly challenger: Script
  readonly total: number
  readonly incumbent: Script | null
  readonly incumbentTotal: number | null
  readonly needed: number
  readonly beats: boolean
  readonly effect: PayloadOf<'ChallengerCompared'>['effect']
}

export const compared = (batch: TestBatch, order: number, one: Compared): PlatformDraft =>
  draft('ChallengerCompared', {
    batchId: batch.batchId,
    order,
    challenger: { ...entry(one.challenger), total: one.total },
    incumbent: one.incumbent && { ...entry(one.incumbent), total: one.incumbentTotal },
    needed: one.needed,
    beats: one.beats,
    cause: one.beats && one.incumbent ? 'score' : null,
    effect: one.effect,
    ...ruled,
    at: batch.at + 4,
  })

export const aggregated = (
  batch: TestBatch,
  one: Script,
  perClaimMedian: number[],
  excluded: PayloadOf<'ScoresAggregated'>['validatorsExcluded'] = [],
): PlatformDraft => {
  const out = new Set<string>(excluded.map(({ hotkey }) => hotkey))
  return draft('ScoresAggregated', {
    batchId: batch.batchId,
    artifactId: one.artifactId,
    hotkey: one.hotkey,
    perClaimMedian,
    total: perClaimMedian.reduce((sum, median) => sum + median, 0),
    costUsd: (2_500 * batch.claimIds.length) / 1e6,
    runtimeMs: 1_500 * batch.claimIds.length,
    validatorsCounted: batch.grades.map(([validator]) => validator).filter((name) => !out.has(name)),
    validatorsExcluded: excluded,
    ...ruled,
    at: batch.at + 4,
  })
}

const places = (scripts: readonly (Script | null)[]) => scripts.map((one) => one && entry(one))

export const moved = (
  batch: TestBatch,
  type: 'RosterChanged' | 'RosterUnchanged',
  before: readonly (Script | null)[],
  after: readonly (Script | null)[],
  cause: string,
): PlatformDraft =>
  draft(type, {
    batchId: batch.batchId,
    before: places(before),
    after: places(after),
    cause,
    ...ruled,
    at: batch.at + 5,
  })
