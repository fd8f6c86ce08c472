import type { Statement } from '../database/send'
import { leafText } from './leaf'
import type { Prepared } from './prepare'

/** Columns read from the envelope's own JSON text, so that nothing has to be encoded a second time. */
const INSERT = `
  insert into log_event (log, netuid, seq, type, schema_version, subnet_instance, height, block_hash, block_time,
    extrinsic_index, call_path, event_index, actor, payload, idempotency_key, leaf_hash)
  select log, netuid, seq, type, "schemaVersion", "subnetInstance", height, decode(substr("blockHash", 3), 'hex'),
    timestamptz 'epoch' + "blockTime" * interval '1 millisecond', "extrinsicIndex", "callPath", "eventIndex",
    decode(substr(actor, 3), 'hex'), payload, "idempotencyKey", decode("leafHash", 'hex')
  from json_to_recordset($1) as e(log text, netuid int, seq bigint, type text, "schemaVersion" int,
    "subnetInstance" bigint, height bigint, "blockHash" text, "blockTime" bigint, "extrinsicIndex" int,
    "callPath" int[], "eventIndex" int, actor text, payload json, "idempotencyKey" text, "leafHash" text)`

/** PostgreSQL stores this escape within json, but cannot take a member apart that holds it. */
const NUL_ESCAPE = '\\u0000'

const INSERT_ONE = `
  insert into log_event (log, netuid, seq, type, schema_version, subnet_instance, height, block_hash, block_time,
    extrinsic_index, call_path, event_index, actor, payload, idempotency_key, leaf_hash)
  values ($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex'), timestamptz 'epoch' + $9::float8 * interval '1 millisecond', $10,
    $11, $12, decode($13, 'hex'), $14, $15, decode($16, 'hex'))`

/** Statements for a handful of rows: one, unless a payload has to travel by itself. */
export function insertsOf(rows: Iterable<Prepared>): Statement[] {
  const prepared = [...rows]
  if (prepared.some(({ payload }) => payload.includes(NUL_ESCAPE))) return prepared.map(insertOne)
  const texts = prepared.map(({ event, payload, leaf }) => {
    const text = leafText(event, event.seq, event.schemaVersion, payload)
    return `${text.slice(0, -1)},"leafHash":"${leaf}"}`
  })
  return [{ text: INSERT, values: [`[${texts.join(',')}]`] }]
}

function insertOne({ event, payload, leaf }: Prepared): Statement {
  const { log, netuid, seq, type, schemaVersion, subnetInstance, height, blockHash, blockTime } = event
  const at = [event.extrinsicIndex ?? null, event.callPath ?? null, event.eventIndex ?? null]
  const of = [event.actor?.slice(2) ?? null, payload, event.idempotencyKey ?? null, leaf]
  const head = [log, netuid, seq, type, schemaVersion, subnetInstance, height, blockHash.slice(2), blockTime]
  return { text: INSERT_ONE, values: [...head, ...at, ...of] }
}
