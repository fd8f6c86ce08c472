import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import type { Projection, Sink } from './fold/projection'
import { blockOf, bytea, byteaOrNull, ended, idOf, opened, time } from './fold/row-values'
import { heldBy } from './fold/table-rule'

const TABLE = 'weight_set'

/** The vector of each uid and mechanism while it stands; it does not outlive its validator's tenure. */
export const weightSets: Projection = {
  name: 'weight_sets',
  version: 1,
  tables: { [TABLE]: { ...heldBy('netuid', 'uid', 'mechanism'), hasOrdinal: true } },
  apply(event, sink) {
    switch (event.type) {
      case 'WeightsSet':
        return set(event, event.payload as PayloadOf<'WeightsSet'>, sink)
      case 'TenureEnded': {
        const { uid, weightsCleared } = event.payload as PayloadOf<'TenureEnded'>
        return weightsCleared ? endOf(event, sink, uid) : undefined
      }
      case 'HotkeySwapped': {
        const { uid, newHotkey } = event.payload as PayloadOf<'HotkeySwapped'>
        return uid === null ? undefined : copy(event, sink, 'swapped', [{ from: uid, to: uid }], newHotkey)
      }
      case 'UidsTrimmed':
        return copy(event, sink, 'moved', (event.payload as PayloadOf<'UidsTrimmed'>).moved, null)
      case 'SubnetDissolved':
        // Of holders that were never seen (no snapshot) no tenure ends before.
        return sink.rewrite(
          event,
          `update {weight_set} set valid_to = $2, to_seq = $3, end_reason = 'dissolved'
           where netuid = $1 and valid_to is null`,
        )
    }
  },
}

function set(event: LogEvent, payload: PayloadOf<'WeightsSet'>, sink: Sink): void {
  const { mechanism, uid, hotkey, uids, hotkeys, raw, u16 } = payload
  const key = { netuid: event.netuid, uid, mechanism }
  sink.close(TABLE, key, ended(event, 'superseded'))
  sink.open(TABLE, key, {
    id: idOf(event),
    ...opened(event),
    ordinal: sink.ordinal(TABLE, event.netuid),
    mechanism,
    uid,
    hotkey: byteaOrNull(hotkey),
    source: payload.source,
    values_from: payload.values,
    version_key: payload.versionKey,
    uids,
    hotkeys: hotkeys.map(byteaOrNull),
    raw,
    u16,
    set_height: event.height,
    set_seq: event.seq,
    ...blockOf(event),
    end_reason: null,
  })
}

/** Storage indices leave room for this many mechanisms (`chain` events state the same bound). */
const MAX_MECHANISMS = 16

/** Every mechanism's vector of a uid that nobody holds any more. */
function endOf(event: LogEvent, sink: Sink, uid: number): void {
  for (let mechanism = 0; mechanism < MAX_MECHANISMS; mechanism++) {
    sink.close(TABLE, { netuid: event.netuid, uid, mechanism }, ended(event, 'tenure-ended'))
  }
}

/** Ends the vectors of these uids and goes on with a copy of each; what an unseen holder left in its place ends too. */
function copy(
  event: LogEvent,
  sink: Sink,
  reason: string,
  moved: readonly { readonly from: number; readonly to: number }[],
  newHotkey: string | null,
): void {
  if (moved.length === 0) return
  sink.copyNumbered(
    event,
    TABLE,
    `with moved as (select * from unnest($4::int[], $5::int[]) as m(from_uid, to_uid)), old as (
       update {weight_set} w set valid_to = $2, to_seq = $3, end_reason = $6
       from moved where w.netuid = $1 and w.valid_to is null and w.uid = moved.from_uid
       returning w.*, moved.to_uid
     ), stale as (
       update {weight_set} w set valid_to = $2, to_seq = $3, end_reason = 'tenure-ended'
       where w.netuid = $1 and w.valid_to is null and w.uid = any($5::int[]) and w.uid <> all($4::int[])
     )
     insert into {weight_set} (id, netuid, subnet_instance, ordinal, mechanism, uid, hotkey, source, values_from,
       version_key, uids, hotkeys, raw, u16, set_height, set_seq, extrinsic_index, event_index, block_hash, block_time,
       valid_from, from_seq)
     select $1 || '-' || $3 || '-' || mechanism || '-' || to_uid, netuid, subnet_instance,
       $9::int + row_number() over (order by mechanism, to_uid) - 1, mechanism, to_uid, coalesce($7::bytea, hotkey),
       source, values_from, version_key, uids, hotkeys, raw, u16, set_height, set_seq, extrinsic_index, event_index,
       block_hash, $8::timestamptz, $2, $3
     from old`,
    moved.map((m) => m.from),
    moved.map((m) => m.to),
    reason,
    newHotkey === null ? null : bytea(newHotkey),
    time(event.blockTime),
  )
}
