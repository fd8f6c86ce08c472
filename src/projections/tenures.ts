import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import { type MovedUid, moveRows } from './fold/moved-uids'
import type { Projection, Sink } from './fold/projection'
import { bytea, byteaOrNull, ended, idOf, opened, time } from './fold/row-values'
import { heldBy } from './fold/table-rule'

const TABLE = 'tenure'
const keyOf = (netuid: number, uid: number) => ({ netuid, uid })

/** Who held which uid, when; swaps, trims and changes of the coldkey go on with the same registration and lineage. */
export const tenures: Projection = {
  name: 'tenures',
  version: 1,
  reads: ['NeuronRegistered', 'TenureEnded', 'HotkeySwapped', 'ColdkeySwapped', 'UidsTrimmed'],
  tables: { [TABLE]: heldBy('netuid', 'uid') },
  apply(event, sink) {
    switch (event.type) {
      case 'NeuronRegistered':
        return register(event, event.payload as PayloadOf<'NeuronRegistered'>, sink)
      case 'TenureEnded': {
        const { uid, reason } = event.payload as PayloadOf<'TenureEnded'>
        return sink.close(TABLE, keyOf(event.netuid, uid), ended(event, reason))
      }
      case 'HotkeySwapped':
        return swap(event, event.payload as PayloadOf<'HotkeySwapped'>, sink)
      case 'ColdkeySwapped': {
        const { newColdkey, uids } = event.payload as PayloadOf<'ColdkeySwapped'>
        const to = uids.map((uid) => ({ from: uid, to: uid }))
        return move(event, sink, 'coldkey-swapped', to, bytea(newColdkey))
      }
      case 'UidsTrimmed':
        return move(event, sink, 'moved', (event.payload as PayloadOf<'UidsTrimmed'>).moved, null)
    }
  },
}

function register(event: LogEvent, payload: PayloadOf<'NeuronRegistered'>, sink: Sink): void {
  const { uid, hotkey, coldkey, lineage, registeredAt, source } = payload
  const key = keyOf(event.netuid, uid)
  sink.close(TABLE, key, ended(event, 'replaced'))
  sink.open(TABLE, key, {
    id: idOf(event),
    ...opened(event),
    uid,
    hotkey: bytea(hotkey),
    coldkey: byteaOrNull(coldkey),
    lineage: bytea(lineage),
    registered_at: registeredAt,
    source,
    end_reason: null,
    block_time: time(event.blockTime),
  })
}

function swap(event: LogEvent, payload: PayloadOf<'HotkeySwapped'>, sink: Sink): void {
  const { uid, newHotkey, coldkey, lineage, registeredAt } = payload
  if (uid === null) return
  const key = keyOf(event.netuid, uid)
  sink.close(TABLE, key, ended(event, 'swapped'))
  sink.open(TABLE, key, {
    id: idOf(event),
    ...opened(event),
    uid,
    hotkey: bytea(newHotkey),
    coldkey: bytea(coldkey),
    lineage: bytea(lineage),
    registered_at: registeredAt ?? event.height,
    source: 'swapped',
    end_reason: null,
    block_time: time(event.blockTime),
  })
}

/** Whoever was in the place of one that moves there was not seen leaving. */
function move(
  event: LogEvent,
  sink: Sink,
  reason: string,
  moved: readonly MovedUid[],
  coldkey: string | null,
): void {
  moveRows(event, sink, TABLE, { moved, reason, staleReason: 'replaced' }, (row, to) => ({
    id: `${idOf(event)}-${to}`,
    coldkey: coldkey ?? row.coldkey!,
    source: reason,
  }))
}
