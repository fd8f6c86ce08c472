import type { PayloadOf } from '../log/catalogue'
import type { Projection } from './fold/projection'
import { accountOrNull, idOf, opened, time } from './fold/row-values'
import { FACTS } from './fold/table-rule'

const TABLE = 'emission'

/** Alpha paid to each uid at each epoch, in rao; nothing paid, no row. */
export const emissions: Projection = {
  name: 'emissions',
  version: 1,
  reads: ['EpochEmitted'],
  sparse: { EpochEmitted: ['hotkeys'] },
  tables: { [TABLE]: { ...FACTS, hasOrdinal: true } },
  apply(event, sink) {
    if (event.type !== 'EpochEmitted') return
    const { mechanism, emissions: amounts, hotkeys } = event.payload as PayloadOf<'EpochEmitted'>
    for (const [uid, amount] of amounts.entries()) {
      if (amount === '0') continue
      sink.add(TABLE, {
        id: `${idOf(event)}-${uid}`,
        ...opened(event),
        ordinal: sink.ordinal(TABLE, event.netuid),
        mechanism,
        uid,
        hotkey: accountOrNull(hotkeys.at(uid)),
        amount,
        block_time: time(event.blockTime),
      })
    }
  },
}
