import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import type { Projection, Sink } from './fold/projection'
import { bytea, byteaOrNull, ended, idOf, opened, time } from './fold/row-values'
import { heldBy } from './fold/table-rule'

const TABLE = 'subnet'

/** Uses of a netuid, from registration to dissolution; a segment ends too when the owner's coldkey is swapped. */
export const subnets: Projection = {
  name: 'subnets',
  version: 1,
  reads: ['SubnetRegistered', 'SubnetDissolved', 'ColdkeySwapped'],
  tables: { [TABLE]: heldBy('netuid') },
  apply(event, sink) {
    const key = { netuid: event.netuid }
    if (event.type === 'SubnetRegistered') {
      sink.close(TABLE, key, ended(event, 'reregistered'))
      sink.open(TABLE, key, rowOf(event, event.payload as PayloadOf<'SubnetRegistered'>))
    } else if (event.type === 'SubnetDissolved') sink.close(TABLE, key, ended(event, 'dissolved'))
    else if (event.type === 'ColdkeySwapped') swapOwner(event, sink)
  },
}

function rowOf(event: LogEvent, payload: PayloadOf<'SubnetRegistered'>) {
  return {
    id: idOf(event),
    ...opened(event),
    modality: payload.modality,
    owner_coldkey: byteaOrNull(payload.ownerColdkey),
    owner_hotkey: byteaOrNull(payload.ownerHotkey),
    source: payload.source,
    end_reason: null,
    block_time: time(event.blockTime),
  }
}

function swapOwner(event: LogEvent, sink: Sink): void {
  const { oldColdkey, newColdkey } = event.payload as PayloadOf<'ColdkeySwapped'>
  sink.carry(TABLE, [{ netuid: event.netuid }], (held) =>
    held
      .filter((row) => row.owner_coldkey === bytea(oldColdkey))
      .map((row) => ({
        held: row,
        ended: ended(event, 'coldkey-swapped'),
        next: {
          ...row,
          ...opened(event),
          subnet_instance: row.subnet_instance!,
          id: idOf(event),
          owner_coldkey: bytea(newColdkey),
          end_reason: null,
          block_time: time(event.blockTime),
        },
      })),
  )
}
