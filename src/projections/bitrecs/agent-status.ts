import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import type { Projection, Row, Sink } from '../fold/projection'
import { ended, idOf, opened } from '../fold/row-values'
import { heldBy } from '../fold/table-rule'

const TABLE = 'bitrecs_agent_status'

/** The states an artifact went through (spec bitrecs §3.1), each with what decided it. */
export const bitrecsAgentStatus: Projection = {
  name: 'bitrecs_agent_status',
  version: 1,
  log: 'platform',
  tables: { [TABLE]: { ...heldBy('netuid', 'agent_id'), hasOrdinal: true } },
  apply(event, sink) {
    if (event.type === 'BitrecsAgentSubmitted') {
      const { agentId, submittedAt } = event.payload as PayloadOf<'BitrecsAgentSubmitted'>
      open(event, sink, agentId, { status: 'screening_1', reason: 'submitted', at_ms: String(submittedAt) })
    } else if (event.type === 'BitrecsAgentStatusChanged') {
      const { agentId, to, reason, at } = event.payload as PayloadOf<'BitrecsAgentStatusChanged'>
      sink.close(TABLE, { netuid: event.netuid, agent_id: agentId }, ended(event, to))
      open(event, sink, agentId, { status: to, reason, at_ms: String(at) })
    }
  },
}

function open(event: LogEvent, sink: Sink, agentId: string, row: Row): void {
  sink.open(
    TABLE,
    { netuid: event.netuid, agent_id: agentId },
    {
      id: `${idOf(event)}-${agentId}`,
      ...opened(event),
      ordinal: sink.ordinal(TABLE, event.netuid),
      agent_id: agentId,
      ...row,
      end_reason: null,
    },
  )
}
