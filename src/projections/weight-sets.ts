import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import { type MovedUid, moveRows } from './fold/moved-uids'
import type { Projection, Sink } from './fold/projection'
import { accountOrNull, bytea, ended, idOf, time } from './fold/row-values'
import { heldBy } from './fold/table-rule'

const TABLE = 'weight_set'

/** The vector of each uid and mechanism while it stands; it does not outlive its validator's tenure. */
export const weightSets: Projection = {
  name: 'weight_sets',
  version: 2,
  reads: ['WeightsSet', 'TenureEnded', 'HotkeySwapped', 'UidsTrimmed', 'SubnetDissolved'],
  sparse: { WeightsSet: ['uids', 'hotkeys', 'raw', 'u16'] },
  tables: {
    [TABLE]: {
      ...heldBy('netuid', 'uid', 'mechanism'),
      hasOrdinal: true,
      // Also of a row that goes on after a swap or a trim: the vector is as it was set.
      told: {
        seq: 'set_seq',
        by: ['WeightsSet'],
        columns: ({ uids, hotkeys, raw, u16 }: PayloadOf<'WeightsSet'>) => ({ uids, hotkeys, raw, u16 }),
      },
    },
  },
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
        return uid === null ? undefined : move(event, sink, 'swapped', [{ from: uid, to: uid }], newHotkey)
      }
      case 'UidsTrimmed':
        return move(event, sink, 'moved', (event.payload as PayloadOf<'UidsTrimmed'>).moved, null)
      case 'SubnetDissolved':
        // Of holders that were never seen (no snapshot) no tenure ends before.
        return sink.closeAll(TABLE, { netuid: event.netuid }, ended(event, 'dissolved'))
    }
  },
}

function set(event: LogEvent, payload: PayloadOf<'WeightsSet'>, sink: Sink): void {
  const { mechanism, uid, hotkey } = payload
  const key = { netuid: event.netuid, uid, mechanism }
  sink.close(TABLE, key, ended(event, 'superseded'))
  // Written out whole: a row put together from parts takes ten times as long.
  sink.open(TABLE, key, {
    id: idOf(event),
    netuid: event.netuid,
    subnet_instance: event.subnetInstance,
    valid_from: event.height,
    valid_to: null,
    from_seq: event.seq,
    to_seq: null,
    ordinal: sink.ordinal(TABLE, event.netuid),
    mechanism,
    uid,
    hotkey: accountOrNull(hotkey),
    source: payload.source,
    values_from: payload.values,
    version_key: payload.versionKey,
    set_height: event.height,
    set_seq: event.seq,
    extrinsic_index: event.extrinsicIndex ?? null,
    event_index: event.eventIndex ?? null,
    block_hash: bytea(event.blockHash),
    block_time: time(event.blockTime),
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

/** Vectors go along with their uids; what an unseen holder left in the place of one ends. */
function move(
  event: LogEvent,
  sink: Sink,
  reason: string,
  moved: readonly MovedUid[],
  newHotkey: string | null,
): void {
  moveRows(event, sink, TABLE, { moved, reason, staleReason: 'tenure-ended' }, (row, to) => ({
    id: `${idOf(event)}-${row.mechanism}-${to}`,
    ordinal: sink.ordinal(TABLE, event.netuid),
    hotkey: newHotkey === null ? row.hotkey! : bytea(newHotkey),
  }))
}
