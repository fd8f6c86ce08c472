import type { ClientBase } from 'pg'
import { leafText } from './leaf'
import type { Prepared } from './prepare'
import { writeByCopy } from './write-copy'

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

/** Writes a handful of rows in one round trip. */
export async function writeSmall(client: ClientBase, rows: Iterable<Prepared>): Promise<void> {
  const prepared = [...rows]
  if (prepared.some(({ payload }) => payload.includes(NUL_ESCAPE))) return writeByCopy(client, prepared)
  const texts = prepared.map(({ event, payload, leaf }) => {
    const text = leafText(event, event.seq, event.schemaVersion, payload)
    return `${text.slice(0, -1)},"leafHash":"${leaf}"}`
  })
  await client.query({ name: 'subledger-insert-events', text: INSERT, values: [`[${texts.join(',')}]`] })
}
