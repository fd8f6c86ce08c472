import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { accountOf, addRow, type Columns, replaceRow, shown } from '../fold/event-rows'
import type { Projection, Sink } from '../fold/projection'
import { accountOrNull, ended, idOf, opened } from '../fold/row-values'
import { FACTS, heldBy } from '../fold/table-rule'

const DATASET = 'caster_dataset'
const BATCH = 'caster_batch'
const DELIVERY = 'caster_delivery'

/** Data sets, batches in each of their states, and what became of a batch at each validator. */
export const casterBatches: Projection = {
  name: 'caster_batches',
  version: 1,
  log: 'platform',
  tables: {
    [DATASET]: { ...FACTS, hasOrdinal: true },
    [BATCH]: { ...heldBy('netuid', 'batch_id'), hasOrdinal: true },
    [DELIVERY]: { ...heldBy('netuid', 'batch_id', 'validator'), hasOrdinal: true },
  },
  apply(event, sink) {
    switch (event.type) {
      case 'DatasetBuilt':
        return addDataset(event, sink)
      case 'BatchCreated':
        return create(event, sink)
      case 'BatchClosed': {
        const { cause } = event.payload as PayloadOf<'BatchClosed'>
        return goOn(event, sink, 'closed', { close_cause: cause })
      }
      case 'RosterChanged':
      case 'RosterUnchanged':
        return goOn(event, sink, 'decided', {})
      default:
        return deliver(event, sink)
    }
  },
}

function addDataset(event: LogEvent, sink: Sink): void {
  const built = event.payload as PayloadOf<'DatasetBuilt'>
  addRow(sink, DATASET, event, {
    dataset_id: built.datasetId,
    claims_sha256: built.claimsSha256,
    claim_ids: built.claimIds.map(shown),
    factoid_from: String(built.factoidWindow.from),
    factoid_to: String(built.factoidWindow.to),
    reference_model: shown(built.referenceModel),
    champion_hotkey: accountOrNull(built.champion?.hotkey as `0x${string}` | undefined),
    champion_artifact: built.champion?.artifactId ?? null,
    champion_wrong: built.championWrong,
    total: built.total,
    accepted: built.accepted,
    built_at: String(built.at),
  })
}

function create(event: LogEvent, sink: Sink): void {
  const batch = event.payload as PayloadOf<'BatchCreated'>
  const held = { key: { batch_id: batch.batchId }, reason: 'created again' }
  replaceRow(sink, BATCH, event, held, {
    status: 'created',
    entrypoint: shown(batch.entrypoint),
    dataset_id: batch.datasetId,
    claims_sha256: batch.claimsSha256,
    claim_ids: batch.claimIds.map(shown),
    candidates: batch.candidates,
    champion: batch.champion,
    champion_uid: batch.championUid,
    cutoff_at: String(batch.cutoffAt),
    closes_at: String(batch.closesAt),
    close_cause: null,
    changed_at: String(batch.at),
  })
}

/** Its later events name the batch alone; a batch is rare enough for its row to be read again. */
function goOn(event: LogEvent, sink: Sink, status: string, changes: Columns): void {
  const { batchId, at } = event.payload as PayloadOf<'BatchClosed'>
  sink.carry(BATCH, [{ netuid: event.netuid, batch_id: batchId }], (held) =>
    held.map((row) => ({
      held: row,
      ended: ended(event, status),
      next: {
        ...row,
        ...opened(event),
        id: idOf(event),
        ordinal: sink.ordinal(BATCH, event.netuid),
        status,
        ...changes,
        changed_at: String(at),
        end_reason: null,
      },
    })),
  )
}

/** All rows of a table have the same columns, whichever event opens them. */
const NOTHING_YET: Columns = {
  base_url: null,
  attempt: null,
  results: null,
  results_sha256: null,
  reason: null,
  detail: null,
}

const STATES: Readonly<Record<string, readonly [string, (payload: never) => Columns]>> = {
  BatchSent: [
    'sent',
    ({ baseUrl, attempt }: PayloadOf<'BatchSent'>) => ({ base_url: shown(baseUrl), attempt }),
  ],
  BatchAccepted: ['accepted', () => ({})],
  BatchCompleted: [
    'completed',
    ({ results, resultsSha256 }: PayloadOf<'BatchCompleted'>) => ({ results, results_sha256: resultsSha256 }),
  ],
  BatchFailed: [
    'failed',
    ({ reason, detail }: PayloadOf<'BatchFailed'>) => ({ reason: shown(reason), detail: shown(detail) }),
  ],
}

function deliver(event: LogEvent, sink: Sink): void {
  const state = STATES[event.type]
  if (!state) return
  const [status, columnsOf] = state
  const { batchId, validator, at } = event.payload as PayloadOf<'BatchAccepted'>
  const key = { batch_id: batchId, validator: accountOf(validator) }
  const row = { ...NOTHING_YET, ...columnsOf(event.payload as never), status, changed_at: String(at) }
  replaceRow(sink, DELIVERY, event, { key, reason: status }, row)
}
