import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import type { Projection } from '../fold/projection'
import { bytea, ended, idOf, opened, time } from '../fold/row-values'
import { heldBy } from '../fold/table-rule'

const TABLE = 'divergence'

const keyOf = (event: LogEvent, mechanism: number, validator: string) => ({
  netuid: event.netuid,
  mechanism,
  validator: bytea(validator),
})

/** Validators whose weights differ from the recommended ones, from the block where it was seen until they agree again. */
export const divergences: Projection = {
  name: 'divergences',
  version: 1,
  log: 'engine',
  tables: { [TABLE]: { ...heldBy('netuid', 'mechanism', 'validator'), hasOrdinal: true } },
  apply(event, sink) {
    if (event.type === 'DivergenceEnded') {
      const { mechanism, validator, reason } = event.payload as PayloadOf<'DivergenceEnded'>
      sink.close(TABLE, keyOf(event, mechanism, validator), ended(event, reason ?? 'agrees'))
    }
    if (event.type !== 'DivergenceFound') return
    const payload = event.payload as PayloadOf<'DivergenceFound'>
    const key = keyOf(event, payload.mechanism, payload.validator)
    sink.close(TABLE, key, ended(event, 'superseded'))
    sink.open(TABLE, key, {
      id: idOf(event),
      ...opened(event),
      ordinal: sink.ordinal(TABLE, event.netuid),
      mechanism: payload.mechanism,
      epoch: payload.epoch,
      validator: bytea(payload.validator),
      validator_uid: payload.validatorUid,
      cause: payload.cause,
      detail: payload.detail,
      decision_seq: payload.decisionSeq,
      submitted_seq: payload.submittedSeq,
      recommended: payload.recommended as never,
      submitted: payload.submitted as never,
      effective: payload.effective as never,
      block_time: time(event.blockTime),
      end_reason: null,
    })
  },
}
