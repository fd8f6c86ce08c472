import type { PayloadOf } from '../../log/catalogue'
import type { Projection } from '../fold/projection'
import { idOf, opened } from '../fold/row-values'
import { FACTS } from '../fold/table-rule'

const TABLE = 'policy'

/** Policies as they were recorded. Which of them holds at a block is the mechanism's rule: rows never end. */
export const policies: Projection = {
  name: 'policies',
  version: 1,
  log: 'platform',
  tables: { [TABLE]: { ...FACTS, hasOrdinal: true } },
  apply(event, sink) {
    if (event.type !== 'PolicySet') return
    const payload = event.payload as PayloadOf<'PolicySet'>
    sink.add(TABLE, {
      id: idOf(event),
      ...opened(event),
      ordinal: sink.ordinal(TABLE, event.netuid),
      system: payload.system,
      policy_id: payload.policyId,
      effective_from_block: payload.effectiveFromBlock,
      policy: payload.policy as never,
      origin: payload.origin,
      recorded_at: String(payload.at),
    })
  },
}
