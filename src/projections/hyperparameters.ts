import type { PayloadOf } from '../log/catalogue'
import type { Projection } from './fold/projection'
import { ended, idOf, opened, time } from './fold/row-values'
import { heldBy } from './fold/table-rule'

const TABLE = 'hyperparameter'

/** Values of hyperparameters from one change to the next. */
export const hyperparameters: Projection = {
  name: 'hyperparameters',
  version: 1,
  reads: ['HyperparameterChanged', 'SubnetDissolved'],
  tables: { [TABLE]: heldBy('netuid', 'name') },
  apply(event, sink) {
    if (event.type === 'SubnetDissolved') {
      sink.closeAll(TABLE, { netuid: event.netuid }, ended(event, 'dissolved'))
      return
    }
    if (event.type !== 'HyperparameterChanged') return
    const { name, value, source } = event.payload as PayloadOf<'HyperparameterChanged'>
    const key = { netuid: event.netuid, name }
    sink.close(TABLE, key, ended(event, 'changed'))
    sink.open(TABLE, key, {
      id: idOf(event),
      ...opened(event),
      name,
      value,
      source,
      end_reason: null,
      block_time: time(event.blockTime),
    })
  },
}
