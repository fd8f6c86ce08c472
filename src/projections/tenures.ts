import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
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
        return copy(event, sink, 'coldkey-swapped', to, bytea(newColdkey))
      }
      case 'UidsTrimmed':
        return copy(event, sink, 'moved', (event.payload as PayloadOf<'UidsTrimmed'>).moved, null)
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

/** Ends the rows of these uids and goes on with a copy of each, all at once: uids may change places. */
function copy(
  event: LogEvent,
  sink: Sink,
  reason: string,
  moved: readonly { readonly from: number; readonly to: number }[],
  coldkey: string | null,
): void {
  const { netuid } = event
  const toOf = new Map(moved.map(({ from, to }) => [from, to]))
  const uids = new Set(moved.flatMap(({ from, to }) => [from, to]))
  const matches = [...uids].map((uid) => keyOf(netuid, uid))
  sink.carry(TABLE, matches, (held) =>
    held.map((row) => {
      const to = toOf.get(row.uid as number)
      // Whoever was in the place of one that moves there, and was not seen leaving.
      if (to === undefined) return { held: row, ended: ended(event, 'replaced') }
      const next = {
        ...row,
        ...opened(event),
        subnet_instance: row.subnet_instance!,
        id: `${idOf(event)}-${to}`,
        uid: to,
        coldkey: coldkey ?? row.coldkey!,
        source: reason,
        end_reason: null,
        block_time: time(event.blockTime),
      }
      return { held: row, ended: ended(event, reason), next }
    }),
  )
}
