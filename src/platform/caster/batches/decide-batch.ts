import type { Hex } from '../../../log/envelope'
import type { Metagraph } from '../../core/chain-facts'
import type { Command } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import { type Answer, done, refuse } from '../answer'
import type { Fault } from '../auth/faults'
import { curated } from '../datasets/decide-dataset'
import type { DatasetInput } from '../datasets/seal-claims'
import { policyNow, rosterNow } from '../policy-now'
import type { CasterRules } from '../rules'
import type { Candidate, CasterState, Dataset, Entry } from '../state'

/** What miners' scripts are called by (spec caster §2.3). */
export const ENTRYPOINT = 'evaluate_criterion'
const MS_PER_SECOND = 1_000

export interface BatchInput {
  readonly batchId: string
  /** null: the newest data set that is accepted and unused, unless one is given inline. */
  readonly datasetId: string | null
  readonly inline: DatasetInput | null
  /** null: now. */
  readonly cutoffMs: number | null
  /** undefined: not stated; null: nobody sits, or the champion holds no uid. */
  readonly championUid: number | null | undefined
  readonly durationSeconds: number
  readonly metagraph: Metagraph
  /** Without a key no validator would believe the platform. */
  readonly hasKey: boolean
}

const fault = (status: number, code: string, reason: string, facts?: Fault['facts']): Fault => ({
  status,
  code,
  reason,
  ...(facts && { facts }),
})

/** POST /v1/miner-task-batches/batch: scripts that are in by the cutoff against the claims of one data set (spec caster §6). */
export const createBatch =
  (input: BatchInput, rules: CasterRules): Command<CasterState, Answer> =>
  (state, { timeMs: at, height }) => {
    const { batchId, metagraph } = input
    const no = (found: Fault) => refuse({ command: 'create-batch', subject: batchId, ...found }, at)
    const champion = rosterNow(state, rules, policyNow(state, rules, height))[0] ?? null
    const championUid = champion ? (metagraph.uidOf.get(champion.hotkey) ?? null) : null
    const wrong = batchFault(state, input, championUid, at)
    if (wrong) return no(wrong)
    const found = datasetOf(state, input, champion, rules, { at, height })
    if ('code' in found) return no(found)
    const { dataset, events } = found
    const cutoffAt = input.cutoffMs ?? at
    const candidates = candidatesAt(state, cutoffAt, champion, metagraph, rules)
    if (candidates.length === 0)
      return no(fault(409, 'no_candidates', 'No registered hotkey had a script by the cutoff'))
    const payload = {
      batchId,
      entrypoint: ENTRYPOINT,
      datasetId: dataset.datasetId,
      claimsSha256: dataset.claimsSha256,
      claimIds: [...dataset.claimIds],
      cutoffAt,
      closesAt: at + input.durationSeconds * MS_PER_SECOND,
      candidates,
      champion,
      championUid,
      at,
    }
    const body = {
      batch_id: batchId,
      dataset_id: dataset.datasetId,
      cutoff_at: new Date(cutoffAt).toISOString(),
      closes_at: new Date(payload.closesAt).toISOString(),
      champion_uid: championUid,
      candidates: candidates.length,
      claims: dataset.claimIds.length,
    }
    return done(body, [...events, draft('BatchCreated', payload)])
  }

function batchFault(
  state: Readonly<CasterState>,
  { batchId, cutoffMs, championUid: stated, hasKey }: BatchInput,
  championUid: number | null,
  at: number,
): Fault | undefined {
  if (!hasKey)
    return fault(503, 'platform_key_not_configured', 'SUBLEDGER_CASTER_PLATFORM_KEY_URI is not set')
  if (state.batches.has(batchId)) return fault(409, 'batch_exists', 'A batch has this id already')
  // Totals are compared with the sitting champion's of the same batch: two at once could unseat it in between.
  if (state.openBatchId !== null)
    return fault(409, 'batch_open', 'Another batch is not decided yet', { batch_id: state.openBatchId })
  if (cutoffMs !== null && cutoffMs > at)
    return fault(422, 'cutoff_in_future', 'Scripts of after now cannot take part')
  if (stated !== undefined && stated !== championUid)
    return fault(409, 'champion_mismatch', 'champion_uid is not that of the sitting champion', {
      champion_uid: championUid,
    })
  return undefined
}

interface Chosen {
  readonly dataset: Dataset
  readonly events: readonly PlatformDraft[]
}

function datasetOf(
  state: Readonly<CasterState>,
  { inline, datasetId }: BatchInput,
  champion: Entry | null,
  rules: CasterRules,
  when: { readonly at: number; readonly height: number },
): Chosen | Fault {
  if (inline) {
    const built = curated(state, inline, rules, when)
    if ('code' in built) return built
    return usable({ dataset: built.dataset, events: [built.event] }, champion)
  }
  if (datasetId !== null) {
    const dataset = state.datasets.get(datasetId)
    if (!dataset) return fault(404, 'dataset_not_found', 'There is no such data set')
    return usable({ dataset, events: [] }, champion)
  }
  const free = [...state.datasets.values()].reverse()
  const dataset = free.find((one) => !('code' in usable({ dataset: one, events: [] }, champion)))
  return dataset
    ? { dataset, events: [] }
    : fault(409, 'no_dataset', 'No data set is accepted, unused and measured by the sitting champion')
}

function usable(chosen: Chosen, champion: Entry | null): Chosen | Fault {
  const { accepted, batchId, champion: measuredBy, championWrong, total } = chosen.dataset
  if (!accepted) {
    const facts = { champion_wrong: championWrong, claims: total }
    return fault(409, 'dataset_not_accepted', 'The champion gets too little of this data set wrong', facts)
  }
  if (batchId !== null)
    return fault(409, 'dataset_used', 'Its references are told when the other batch closes', {
      batch_id: batchId,
    })
  const isSame = measuredBy?.hotkey === champion?.hotkey && measuredBy?.artifactId === champion?.artifactId
  return isSame ? chosen : fault(409, 'dataset_stale', 'This data set was measured by another champion')
}

/** Newest script of each registered hotkey at the cutoff, the champion's in any case, in batch order. */
function candidatesAt(
  state: Readonly<CasterState>,
  cutoffMs: number,
  champion: Entry | null,
  { uidOf }: Metagraph,
  rules: CasterRules,
): Candidate[] {
  const isChampion = (hotkey: Hex, artifactId: string) =>
    champion?.hotkey === hotkey && champion.artifactId === artifactId
  const taking = [...state.scripts.values()]
    .filter(({ hotkey, artifactId }) => uidOf.has(hotkey) || isChampion(hotkey, artifactId))
    .map((script) => ({ ...script, uid: uidOf.get(script.hotkey) ?? script.uidAtSubmit }))
  return rules
    .batchCandidates(taking, cutoffMs, champion ?? undefined)
    .map(({ hotkey, uid, artifactId, contentSha256, bytes, submittedAtMs: submittedAt }) => ({
      hotkey,
      uid,
      artifactId,
      contentSha256,
      bytes,
      submittedAt,
    }))
}
