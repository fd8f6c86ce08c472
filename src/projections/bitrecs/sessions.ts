import type { PayloadOf } from '../../log/catalogue'
import type { Projection } from '../fold/projection'
import { byteaOrNull, ended, idOf, opened } from '../fold/row-values'
import { heldBy } from '../fold/table-rule'

const TABLE = 'bitrecs_session'

/** Connections of validators and screeners, while they last. */
export const bitrecsSessions: Projection = {
  name: 'bitrecs_sessions',
  version: 1,
  log: 'platform',
  tables: { [TABLE]: { ...heldBy('netuid', 'session_id'), hasOrdinal: true } },
  apply(event, sink) {
    if (event.type === 'BitrecsSessionOpened') {
      const payload = event.payload as PayloadOf<'BitrecsSessionOpened'>
      const key = { netuid: event.netuid, session_id: payload.sessionId }
      sink.open(TABLE, key, {
        id: idOf(event),
        ...opened(event),
        ordinal: sink.ordinal(TABLE, event.netuid),
        session_id: payload.sessionId,
        kind: payload.group,
        name: payload.name,
        hotkey: byteaOrNull(payload.hotkey),
        commit_hash: payload.commitHash,
        opened_ms: String(payload.at),
        end_reason: null,
      })
    } else if (event.type === 'BitrecsSessionClosed') {
      const { sessionId, reason } = event.payload as PayloadOf<'BitrecsSessionClosed'>
      const key = { netuid: event.netuid, session_id: sessionId }
      sink.close(TABLE, key, ended(event, reason.replaceAll('\0', '\ufffd')))
    }
  },
}
