import { canonicalJson, canonicalString } from './canonical-json'
import { catalogue } from './catalogue'
import type { EventDraft, LogEvent } from './envelope'

/**
 * Canonical JSON of the envelope without leafHash: the bytes that are hashed. The members are written in their sorted
 * order instead of being sorted each time; a test compares with the general function.
 * @param payload canonical JSON of the payload
 */
export function leafText(draft: EventDraft, seq: number, schemaVersion: number, payload: string): string {
  const { actor, callPath, eventIndex, extrinsicIndex, idempotencyKey } = draft
  const start = actor === undefined ? '{"blockHash":"' : `{"actor":"${actor}","blockHash":"`
  let text = `${start}${draft.blockHash}","blockTime":${draft.blockTime}`
  if (callPath !== undefined) text += `,"callPath":[${callPath.join(',')}]`
  if (eventIndex !== undefined) text += `,"eventIndex":${eventIndex}`
  if (extrinsicIndex !== undefined) text += `,"extrinsicIndex":${extrinsicIndex}`
  text += `,"height":${draft.height}`
  if (idempotencyKey !== undefined) text += `,"idempotencyKey":${canonicalString(idempotencyKey)}`
  return (
    `${text},"log":"${draft.log}","netuid":${draft.netuid},"payload":${payload}` +
    `,"schemaVersion":${schemaVersion},"seq":${seq},"subnetInstance":${draft.subnetInstance},"type":"${draft.type}"}`
  )
}

/** The bytes that were hashed for an event of the log. */
export function leafTextOf(event: LogEvent): string {
  return leafText(event, event.seq, event.schemaVersion, canonicalJson(event.payload))
}

export function schemaVersionOf(draft: EventDraft): number {
  return catalogue[draft.type].schemaVersion
}
