import type { EventType } from './catalogue'
import type { LogEvent } from './envelope'

/** Columns of `log_event` as `eventOfRow` wants them; numbers below 2^53 by design. */
export const EVENT_COLUMNS = `log, netuid, seq::float8 as seq, type, schema_version,
  subnet_instance::float8 as subnet_instance, height::float8 as height, block_hash,
  (extract(epoch from block_time) * 1000)::float8 as block_time, extrinsic_index, call_path, event_index, actor,
  payload::text as payload, idempotency_key, leaf_hash`

/** A row selected by EVENT_COLUMNS as an event; absent members are left out, as in the hashed envelope. */
// biome-ignore lint/suspicious/noExplicitAny: a row of the driver
export function eventOfRow(row: any): LogEvent {
  return {
    log: row.log,
    netuid: row.netuid,
    seq: row.seq,
    type: row.type as EventType,
    schemaVersion: row.schema_version,
    subnetInstance: row.subnet_instance,
    height: row.height,
    blockHash: hexOf(row.block_hash),
    blockTime: row.block_time,
    ...(row.extrinsic_index === null ? undefined : { extrinsicIndex: row.extrinsic_index }),
    ...(row.call_path === null ? undefined : { callPath: row.call_path }),
    ...(row.event_index === null ? undefined : { eventIndex: row.event_index }),
    ...(row.actor === null ? undefined : { actor: hexOf(row.actor) }),
    payload: JSON.parse(row.payload),
    ...(row.idempotency_key === null ? undefined : { idempotencyKey: row.idempotency_key }),
    leafHash: hexOf(row.leaf_hash),
  }
}

const hexOf = (bytes: Buffer) => `0x${bytes.toString('hex')}`
