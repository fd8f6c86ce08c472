import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import type { Projection, Row, Sink } from '../fold/projection'
import { ended, idOf, opened } from '../fold/row-values'
import { heldBy } from '../fold/table-rule'

const EVALUATION = 'bitrecs_evaluation'
const RUN = 'bitrecs_run'

/** Evaluations while they run, with how they ended; and every state of every run. */
export const bitrecsEvaluations: Projection = {
  name: 'bitrecs_evaluations',
  version: 1,
  log: 'platform',
  tables: {
    [EVALUATION]: { ...heldBy('netuid', 'evaluation_id'), hasOrdinal: true },
    [RUN]: { ...heldBy('netuid', 'run_id'), hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'BitrecsEvaluationStarted') start(event, sink)
    else if (event.type === 'BitrecsRunUpdated') update(event, sink)
    else if (event.type === 'BitrecsEvaluationFinished') {
      const { evaluationId, outcome, score } = event.payload as PayloadOf<'BitrecsEvaluationFinished'>
      const key = { netuid: event.netuid, evaluation_id: evaluationId }
      sink.close(EVALUATION, key, { ...ended(event, outcome), score })
    }
  },
}

function start(event: LogEvent, sink: Sink): void {
  const payload = event.payload as PayloadOf<'BitrecsEvaluationStarted'>
  const { evaluationId, agentId, setId, group, validator, sessionId, runs, at } = payload
  const key = { netuid: event.netuid, evaluation_id: evaluationId }
  sink.open(EVALUATION, key, {
    id: idOf(event),
    ...opened(event),
    ordinal: sink.ordinal(EVALUATION, event.netuid),
    evaluation_id: evaluationId,
    agent_id: agentId,
    set_id: setId,
    kind: group,
    validator,
    session_id: sessionId,
    runs: runs.length,
    started_ms: String(at),
    score: null,
    end_reason: null,
  })
  for (const { runId, problem } of runs) {
    openRun(event, sink, runId, {
      evaluation_id: evaluationId,
      agent_id: agentId,
      problem,
      status: 'pending',
      at_ms: String(at),
    })
  }
}

function update(event: LogEvent, sink: Sink): void {
  const payload = event.payload as PayloadOf<'BitrecsRunUpdated'>
  sink.close(RUN, { netuid: event.netuid, run_id: payload.runId }, ended(event, payload.to))
  openRun(event, sink, payload.runId, {
    evaluation_id: payload.evaluationId,
    agent_id: payload.agentId,
    problem: payload.problem,
    status: payload.to,
    at_ms: String(payload.at),
    patch_sha256: payload.patch?.sha256 ?? null,
    agent_logs_sha256: payload.agentLogs?.sha256 ?? null,
    eval_logs_sha256: payload.evalLogs?.sha256 ?? null,
    test_results: payload.testResults as never,
    error_code: payload.errorCode,
    error_message: payload.errorMessage?.replaceAll('\0', '\ufffd') ?? null,
  })
}

/** All rows of a table have the same columns, whichever event opens them. */
const EMPTY_RUN: Row = {
  patch_sha256: null,
  agent_logs_sha256: null,
  eval_logs_sha256: null,
  test_results: null,
  error_code: null,
  error_message: null,
}

function openRun(event: LogEvent, sink: Sink, runId: string, row: Row): void {
  sink.open(
    RUN,
    { netuid: event.netuid, run_id: runId },
    {
      id: `${idOf(event)}-${runId}`,
      ...opened(event),
      ordinal: sink.ordinal(RUN, event.netuid),
      run_id: runId,
      ...EMPTY_RUN,
      ...row,
      end_reason: null,
    },
  )
}
