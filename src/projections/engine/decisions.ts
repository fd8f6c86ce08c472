import type { PayloadOf } from '../../log/catalogue'
import type { Projection } from '../fold/projection'
import { ended, idOf, opened, time } from '../fold/row-values'
import { heldBy } from '../fold/table-rule'

const TABLE = 'decision'

/** Decisions of each mechanism; one holds until the next. What it read and why stands in its event. */
export const decisions: Projection = {
  name: 'decisions',
  version: 1,
  log: 'engine',
  tables: { [TABLE]: { ...heldBy('netuid', 'mechanism'), hasOrdinal: true } },
  apply(event, sink) {
    if (event.type !== 'DecisionMade') return
    const payload = event.payload as PayloadOf<'DecisionMade'>
    const key = { netuid: event.netuid, mechanism: payload.mechanism }
    sink.close(TABLE, key, ended(event, 'superseded'))
    sink.open(TABLE, key, {
      id: idOf(event),
      ...opened(event),
      ordinal: sink.ordinal(TABLE, event.netuid),
      mechanism: payload.mechanism,
      system: payload.system,
      epoch: payload.epoch,
      epoch_ends_at: payload.epochEndsAt,
      policy_id: payload.policyId,
      outcome: payload.outcome,
      burn: payload.burn,
      burn_uid: payload.burnUid,
      shares: payload.shares as never,
      u16: payload.u16 as never,
      holders: payload.holders as never,
      view_digest: payload.viewDigest,
      block_time: time(event.blockTime),
      end_reason: null,
    })
  },
}
