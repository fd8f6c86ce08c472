import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import type { Carried, Projection, Row, Sink } from './fold/projection'
import { accountOrNull, bytea, ended, idOf, opened, time } from './fold/row-values'
import { heldBy } from './fold/table-rule'

const TABLE = 'validator_permit'
const keyOf = (netuid: number, uid: number) => ({ netuid, uid })

/** Who held a validator permit, from when to when; a permit goes along with a swap of the hotkey and with a trim. */
export const validatorPermits: Projection = {
  name: 'validator_permits',
  version: 1,
  reads: ['ValidatorPermitsChanged', 'NeuronRegistered', 'TenureEnded', 'HotkeySwapped', 'UidsTrimmed'],
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
        return uid === null ? undefined : goOn(event, sink, 'swapped', [{ from: uid, to: uid }], newHotkey)
      }
      case 'UidsTrimmed':
        return goOn(event, sink, 'moved', (event.payload as PayloadOf<'UidsTrimmed'>).moved, null)
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

/** Ends the rows of these uids and goes on with a copy of each, all at once: uids may change places. */
function goOn(
  event: LogEvent,
  sink: Sink,
  reason: 'swapped' | 'moved',
  moved: readonly { readonly from: number; readonly to: number }[],
  newHotkey: string | null,
): void {
  const { netuid } = event
  const toOf = new Map(moved.map(({ from, to }) => [from, to]))
  const uids = new Set(moved.flatMap(({ from, to }) => [from, to]))
  const matches = [...uids].map((uid) => keyOf(netuid, uid))
  const next = (row: Row, to: number): Row => ({
    ...row,
    ...opened(event),
    subnet_instance: row.subnet_instance!,
    id: `${idOf(event)}-${to}`,
    ordinal: sink.ordinal(TABLE, netuid),
    uid: to,
    hotkey: newHotkey === null ? row.hotkey! : bytea(newHotkey),
    source: reason,
    end_reason: null,
    block_time: time(event.blockTime),
  })
  sink.carry(TABLE, matches, (held) =>
    [...held]
      .sort((a, b) => placeOf(a, toOf) - placeOf(b, toOf))
      .map((row): Carried => {
        const to = toOf.get(row.uid as number)
        // Whoever was in the place of one that moves there, and was not seen leaving.
        if (to === undefined) return { held: row, ended: ended(event, 'replaced') }
        return { held: row, ended: ended(event, reason), next: next(row, to) }
      }),
  )
}

/** Rows are numbered in the order of their new uids, in whichever order they are handed over. */
const placeOf = (row: Row, toOf: ReadonlyMap<number, number>) =>
  toOf.get(row.uid as number) ?? (row.uid as number)
