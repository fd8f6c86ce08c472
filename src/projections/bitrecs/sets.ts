import type { PayloadOf } from '../../log/catalogue'
import type { Projection } from '../fold/projection'
import { ended, idOf, opened } from '../fold/row-values'
import { heldBy } from '../fold/table-rule'

const TABLE = 'bitrecs_set'

/** Evaluation sets; one is the contest until the next. */
export const bitrecsSets: Projection = {
  name: 'bitrecs_sets',
  version: 1,
  log: 'platform',
  tables: { [TABLE]: { ...heldBy('netuid'), hasOrdinal: true } },
  apply(event, sink) {
    if (event.type !== 'BitrecsEvaluationSetCreated') return
    const { setId, problems, at } = event.payload as PayloadOf<'BitrecsEvaluationSetCreated'>
    const key = { netuid: event.netuid }
    sink.close(TABLE, key, ended(event, 'replaced'))
    sink.open(TABLE, key, {
      id: idOf(event),
      ...opened(event),
      ordinal: sink.ordinal(TABLE, event.netuid),
      set_id: setId,
      problems: problems as never,
      created_ms: String(at),
      end_reason: null,
    })
  },
}
