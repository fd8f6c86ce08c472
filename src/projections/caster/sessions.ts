import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { accountOf, addRow, replaceRow, shown } from '../fold/event-rows'
import type { Projection, Sink } from '../fold/projection'
import { ended } from '../fold/row-values'
import { FACTS, heldBy } from '../fold/table-rule'
import { cellOf } from './cells'

const SESSION = 'caster_session'
const CALL = 'caster_tool_call'

/** Tool budgets and the receipts of what was spent of them. Names of sessions are the validators' own: two may choose the same. */
export const casterSessions: Projection = {
  name: 'caster_sessions',
  version: 1,
  log: 'platform',
  tables: {
    [SESSION]: { ...heldBy('netuid', 'validator', 'session_id'), hasOrdinal: true },
    [CALL]: { ...FACTS, hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'SessionOpened') open(event, sink)
    else if (event.type === 'SessionClosed') {
      const { sessionId, validator, usedMicroUsd, at } = event.payload as PayloadOf<'SessionClosed'>
      const key = { netuid: event.netuid, validator: accountOf(validator), session_id: sessionId }
      const spent = { used_micro_usd: usedMicroUsd, closed_at: String(at) }
      sink.close(SESSION, key, { ...ended(event, 'closed'), ...spent })
    } else if (event.type === 'ToolCalled') addCall(event, sink)
  },
}

function open(event: LogEvent, sink: Sink): void {
  const opened = event.payload as PayloadOf<'SessionOpened'>
  const { validator, ...cell } = cellOf(opened)
  const held = { key: { validator: validator!, session_id: opened.sessionId }, reason: 'opened again' }
  replaceRow(sink, SESSION, event, held, {
    ...cell,
    budget_micro_usd: opened.budgetMicroUsd,
    used_micro_usd: null,
    opened_at: String(opened.at),
    closed_at: null,
  })
}

function addCall(event: LogEvent, sink: Sink): void {
  const call = event.payload as PayloadOf<'ToolCalled'>
  addRow(sink, CALL, event, {
    receipt_id: shown(call.receiptId),
    session_id: call.sessionId,
    ...cellOf(call),
    tool: shown(call.tool),
    outcome: call.outcome,
    request_hash: call.requestHash,
    response_hash: call.responseHash,
    result_policy: call.resultPolicy,
    cost_micro_usd: call.costMicroUsd,
    result_ids: call.resultIds.map(shown),
    issued_at: String(call.issuedAt),
  })
}
