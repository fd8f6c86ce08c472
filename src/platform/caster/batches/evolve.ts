import type { PayloadOf } from '../../../log/catalogue'
import { is, type PlatformEvent } from '../../core/platform-event'
import { type Batch, type CasterState, type Delivery, rowKey } from '../state'

/** Scripts, data sets, batches and what is graded of them. */
export function evolveBatches(state: CasterState, event: PlatformEvent): void {
  if (is(event, 'TaskGraded')) grade(state, event.payload)
  else if (is(event, 'ScriptSubmitted')) addScript(state, event.payload)
  else if (is(event, 'DatasetBuilt')) {
    const { at: atMs, ...dataset } = event.payload
    state.datasets.set(dataset.datasetId, {
      ...dataset,
      champion: dataset.champion as never,
      atMs,
      batchId: null,
    })
  } else if (is(event, 'BatchCreated')) addBatch(state, event.payload)
  else if (is(event, 'BatchClosed')) {
    const batch = state.batches.get(event.payload.batchId)
    if (batch)
      Object.assign(batch, { status: 'closed', closedAtMs: event.payload.at, cause: event.payload.cause })
  } else if (is(event, 'RosterChanged') || is(event, 'RosterUnchanged')) decided(state, event.payload)
  else evolveDelivery(state, event)
}

function addScript(state: CasterState, payload: PayloadOf<'ScriptSubmitted'>): void {
  const { artifactId, uidAtSubmit, contentSha256, bytes, at: submittedAtMs } = payload
  const hotkey = payload.hotkey as `0x${string}`
  state.scripts.set(artifactId, { artifactId, hotkey, uidAtSubmit, contentSha256, bytes, submittedAtMs })
  state.contents.set(contentSha256, artifactId)
  state.newest.set(hotkey, artifactId)
}

function addBatch(state: CasterState, payload: PayloadOf<'BatchCreated'>): void {
  const { cutoffAt, closesAt, at, candidates, champion, ...same } = payload
  const batch: Batch = {
    ...same,
    candidates: candidates as Batch['candidates'],
    champion: champion as Batch['champion'],
    cutoffAtMs: cutoffAt,
    closesAtMs: closesAt,
    positionOf: new Map(payload.claimIds.map((claimId, position) => [claimId, position])),
    createdAtMs: at,
    status: 'created',
    closedAtMs: null,
    cause: null,
    deliveries: new Map(),
    rows: new Map(),
  }
  state.batches.set(batch.batchId, batch)
  state.openBatchId = batch.batchId
  const dataset = state.datasets.get(batch.datasetId)
  if (dataset) dataset.batchId = batch.batchId
}

function evolveDelivery(state: CasterState, event: PlatformEvent): void {
  if (is(event, 'BatchSent')) {
    const { batchId, validator, baseUrl, attempt, at } = event.payload
    state.batches.get(batchId)?.deliveries.set(validator as never, {
      validator: validator as never,
      baseUrl,
      status: 'sent',
      attempt,
      sentAtMs: at,
      endedAtMs: null,
      resultsSha256: null,
      reason: null,
      detail: null,
    })
  } else if (is(event, 'BatchAccepted')) change(state, event.payload, { status: 'accepted' })
  else if (is(event, 'BatchCompleted')) {
    const { resultsSha256, at } = event.payload
    change(state, event.payload, { status: 'completed', resultsSha256, endedAtMs: at })
  } else if (is(event, 'BatchFailed')) {
    const { reason, detail, at } = event.payload
    change(state, event.payload, { status: 'failed', reason, detail, endedAtMs: at })
  }
}

function change(
  state: CasterState,
  { batchId, validator }: { readonly batchId: string; readonly validator: string },
  to: Partial<Delivery>,
): void {
  const deliveries = state.batches.get(batchId)?.deliveries
  const delivery = deliveries?.get(validator as never)
  if (delivery) deliveries!.set(delivery.validator, { ...delivery, ...to })
}

function grade(state: CasterState, payload: PayloadOf<'TaskGraded'>): void {
  const { batchId, validator, artifactId, claimId, total, costMicroUsd, runtimeMs } = payload
  const batch = state.batches.get(batchId)
  const index = batch?.positionOf.get(claimId)
  if (!batch || index === undefined) return
  const key = rowKey(validator as never, artifactId)
  let row = batch.rows.get(key)
  if (!row) {
    row = { scores: new Array(batch.claimIds.length).fill(null), graded: 0, costMicroUsd: 0n, runtimeMs: 0 }
    batch.rows.set(key, row)
  }
  if (row.scores[index] !== null) return
  row.scores[index] = total
  row.graded++
  row.costMicroUsd += BigInt(costMicroUsd)
  row.runtimeMs += runtimeMs
}

function decided(state: CasterState, { batchId, after, at }: PayloadOf<'RosterChanged'>): void {
  const batch = state.batches.get(batchId)
  if (batch) {
    batch.status = 'decided'
    batch.rows.clear()
  }
  if (state.openBatchId === batchId) state.openBatchId = null
  state.roster = after as never
  state.rosterBatchId = batchId
  state.rosterAtMs = at
}
