import type { PayloadOf } from '../../log/catalogue'
import type { Projection } from '../fold/projection'
import { byteaOrNull, idOf, opened } from '../fold/row-values'
import { FACTS } from '../fold/table-rule'

const TABLE = 'refused_command'

/** Commands that were refused, with the reason that was answered. */
export const refusals: Projection = {
  name: 'refusals',
  version: 1,
  log: 'platform',
  tables: { [TABLE]: { ...FACTS, hasOrdinal: true } },
  apply(event, sink) {
    if (event.type !== 'CommandRefused') return
    const payload = event.payload as PayloadOf<'CommandRefused'>
    sink.add(TABLE, {
      id: idOf(event),
      ...opened(event),
      ordinal: sink.ordinal(TABLE, event.netuid),
      system: payload.system,
      command: payload.command,
      code: payload.code,
      status: payload.status,
      reason: shown(payload.reason),
      subject: payload.subject === null ? null : shown(payload.subject),
      request_hash: payload.requestHash,
      actor: byteaOrNull(event.actor),
      refused_at: String(payload.at),
    })
  },
}

/** Text of a stranger: PostgreSQL holds no NUL. The event keeps it exactly. */
const shown = (text: string) => text.replaceAll('\0', '\ufffd')
