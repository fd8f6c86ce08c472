import type { Command } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import { type Answer, done, refuse } from '../answer'
import type { Fault } from '../auth/faults'
import { policyNow, rosterNow } from '../policy-now'
import type { CasterRules } from '../rules'
import type { CasterState, Dataset } from '../state'
import type { DatasetInput } from './seal-claims'

/** POST /v1/datasets: kept when the sitting champion gets enough of it wrong (spec caster §5); recorded either way. */
export const buildDataset =
  (input: DatasetInput, rules: CasterRules): Command<CasterState, Answer> =>
  (state, { timeMs: at, height }) => {
    const built = curated(state, input, rules, { at, height })
    if ('code' in built) return refuse({ command: 'build-dataset', subject: input.datasetId, ...built }, at)
    return done(showDataset(built.dataset), [built.event])
  }

/** The event of a data set, accepted or not; or why there is none. */
export function curated(
  state: Readonly<CasterState>,
  input: DatasetInput,
  rules: CasterRules,
  { at, height }: { readonly at: number; readonly height: number },
): { readonly event: PlatformDraft<'DatasetBuilt'>; readonly dataset: Dataset } | Fault {
  const { verdicts, championArtifactId, ...same } = input
  const policy = policyNow(state, rules, height)
  const champion = rosterNow(state, rules, policy)[0] ?? null
  const facts = { champion_artifact_id: champion?.artifactId ?? null }
  if (championArtifactId !== undefined && championArtifactId !== facts.champion_artifact_id)
    return { status: 409, code: 'champion_mismatch', reason: 'Another script is the champion now', facts }
  if (champion && verdicts.some((verdict) => verdict.champion === undefined)) {
    const reason = 'Somebody sits: each claim needs champion_verdict, null for no verdict'
    return { status: 422, code: 'champion_verdicts_missing', reason, facts }
  }
  const compared = champion
    ? verdicts.map(({ reference, champion: given }) => ({ reference, champion: given ?? null }))
    : null
  const { accepted, wrong, total } = rules.curate(compared, policy.curationWrongShare, verdicts.length)
  const { datasetId, claimsSha256, factoidWindow, referenceModel } = same
  const claimIds = [...same.claimIds]
  const measured = { champion, championWrong: wrong, total, accepted }
  const payload = { datasetId, claimsSha256, claimIds, factoidWindow, referenceModel, ...measured, at }
  const { at: atMs, ...kept } = payload
  return { event: draft('DatasetBuilt', payload), dataset: { ...kept, atMs, batchId: null } }
}

/** A data set without its claims: those are told when a batch of it has closed. */
export const showDataset = (dataset: Dataset) => ({
  dataset_id: dataset.datasetId,
  claims_sha256: dataset.claimsSha256,
  claims: dataset.total,
  accepted: dataset.accepted,
  champion_artifact_id: dataset.champion?.artifactId ?? null,
  champion_wrong: dataset.champion ? dataset.championWrong : null,
  reference_model: dataset.referenceModel,
  factoid_window: {
    from: new Date(dataset.factoidWindow.from).toISOString(),
    to: new Date(dataset.factoidWindow.to).toISOString(),
  },
  batch_id: dataset.batchId,
  created_at: new Date(dataset.atMs).toISOString(),
})
