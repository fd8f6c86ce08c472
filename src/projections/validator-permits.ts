import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import { type MovedUid, moveRows } from './fold/moved-uids'
import type { Projection, Sink } from './fold/projection'
import { accountOrNull, bytea, ended, idOf, opened, time } from './fold/row-values'
import { heldBy } from './fold/table-rule'

const TABLE = 'validator_permit'
const keyOf = (netuid: number, uid: number) => ({ netuid, uid })

/** Who held a validator permit, from when to when; a permit goes along with a swap of the hotkey and with a trim. */
export const validatorPermits: Projection = {
  name: 'validator_permits',
  version: 1,
  reads: [
    'ValidatorPermitsChanged',
    'NeuronRegistered',
    'TenureEnded',
    'HotkeySwapped',
    'UidsTrimmed',
    'SubnetDissolved',
  ],
  tables: { [TABLE]: { ...heldBy('netuid', 'uid'), hasOrdinal: true } },
  apply(event, sink) {
    switch (event.type) {
      case 'ValidatorPermitsChanged':
        return change(event, event.payload as PayloadOf<'ValidatorPermitsChanged'>, sink)
      case 'NeuronRegistered': {
        // Whoever held the uid and was not seen leaving.
        const { uid } = event.payload as PayloadOf<'NeuronRegistered'>
        return sink.close(TABLE, keyOf(event.netuid, uid), () => ended(event, 'replaced'))
      }
      case 'TenureEnded': {
        const { uid, reason } = event.payload as PayloadOf<'TenureEnded'>
        return sink.close(TABLE, keyOf(event.netuid, uid), () => ended(event, reason))
      }
      case 'HotkeySwapped': {
        const { uid, newHotkey } = event.payload as PayloadOf<'HotkeySwapped'>
        return uid === null ? undefined : move(event, sink, 'swapped', [{ from: uid, to: uid }], newHotkey)
      }
      case 'UidsTrimmed':
        return move(event, sink, 'moved', (event.payload as PayloadOf<'UidsTrimmed'>).moved, null)
      case 'SubnetDissolved':
        // Of holders that were never seen no tenure ends before.
        return sink.closeAll(TABLE, { netuid: event.netuid }, ended(event, 'dissolved'))
    }
  },
}

function change(event: LogEvent, payload: PayloadOf<'ValidatorPermitsChanged'>, sink: Sink): void {
  const { netuid } = event
  const { uids, hotkeys, gained, lost, source } = payload
  for (const uid of lost) sink.close(TABLE, keyOf(netuid, uid), () => ended(event, 'lost'))
  for (const uid of gained) {
    sink.open(TABLE, keyOf(netuid, uid), {
      id: `${idOf(event)}-${uid}`,
      ...opened(event),
      ordinal: sink.ordinal(TABLE, netuid),
      uid,
      hotkey: accountOrNull(hotkeys[uids.indexOf(uid)]),
      source,
      end_reason: null,
      block_time: time(event.blockTime),
    })
  }
}

/** Permits go along with their uids. */
function move(
  event: LogEvent,
  sink: Sink,
  reason: 'swapped' | 'moved',
  moved: readonly MovedUid[],
  newHotkey: string | null,
): void {
  moveRows(event, sink, TABLE, { moved, reason, staleReason: 'replaced' }, (row, to) => ({
    id: `${idOf(event)}-${to}`,
    ordinal: sink.ordinal(TABLE, event.netuid),
    hotkey: newHotkey === null ? row.hotkey! : bytea(newHotkey),
    source: reason,
  }))
}
