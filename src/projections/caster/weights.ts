import type { PayloadOf } from '../../log/catalogue'
import { accountOf, addRow, shown } from '../fold/event-rows'
import type { Projection } from '../fold/projection'
import { FACTS } from '../fold/table-rule'

const WEIGHTS = 'caster_weights'
const SERVED = 'caster_weights_served'

/** Answers of the weights query, and who was given or denied them. */
export const casterWeights: Projection = {
  name: 'caster_weights',
  version: 1,
  log: 'platform',
  tables: { [WEIGHTS]: { ...FACTS, hasOrdinal: true }, [SERVED]: { ...FACTS, hasOrdinal: true } },
  apply(event, sink) {
    if (event.type === 'WeightsComputed') {
      const computed = event.payload as PayloadOf<'WeightsComputed'>
      addRow(sink, WEIGHTS, event, {
        batch_id: computed.batchId,
        roster: computed.roster,
        uid_map: computed.uidMap,
        weights: computed.weights,
        height: computed.height,
        policy_id: shown(computed.policyId),
        weights_sha256: computed.weightsSha256,
        computed_at: String(computed.at),
      })
    } else if (event.type === 'WeightsServed') {
      const { validator, weightsSha256, at } = event.payload as PayloadOf<'WeightsServed'>
      addRow(sink, SERVED, event, {
        validator: accountOf(validator),
        outcome: 'served',
        weights_sha256: weightsSha256,
        reason: null,
        answered_at: String(at),
      })
    } else if (event.type === 'WeightsDenied') {
      const { validator, reason, at } = event.payload as PayloadOf<'WeightsDenied'>
      addRow(sink, SERVED, event, {
        validator: accountOf(validator),
        outcome: 'denied',
        weights_sha256: null,
        reason: shown(reason),
        answered_at: String(at),
      })
    }
  },
}
