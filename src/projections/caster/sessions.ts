import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { accountOf, addRow, shown } from '../fold/event-rows'
import type { Projection, Sink } from '../fold/projection'
import { ended, idOf, opened } from '../fold/row-values'
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
    else if (event.type === 'SessionClosed') close(event, sink)
    else if (event.type === 'ToolCalled') addCall(event, sink)
  },
}

/** Rows of a table are always ended with the same columns. */
const UNSPENT = { used_micro_usd: null, closed_at: null }

function open(event: LogEvent, sink: Sink): void {
  const session = event.payload as PayloadOf<'SessionOpened'>
  const key = keyOf(event, session)
  sink.close(SESSION, key, { ...ended(event, 'opened again'), ...UNSPENT })
  sink.open(SESSION, key, {
    id: idOf(event),
    ...opened(event),
    ordinal: sink.ordinal(SESSION, event.netuid),
    session_id: session.sessionId,
    ...cellOf(session),
    budget_micro_usd: session.budgetMicroUsd,
    opened_at: String(session.at),
    ...UNSPENT,
    end_reason: null,
  })
}

function close(event: LogEvent, sink: Sink): void {
  const session = event.payload as PayloadOf<'SessionClosed'>
  const spent = { used_micro_usd: session.usedMicroUsd, closed_at: String(session.at) }
  sink.close(SESSION, keyOf(event, session), { ...ended(event, 'closed'), ...spent })
}

const keyOf = (
  { netuid }: LogEvent,
  { validator, sessionId }: PayloadOf<'SessionClosed'> | PayloadOf<'SessionOpened'>,
) => ({
  netuid,
  validator: accountOf(validator),
  session_id: sessionId,
})

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
