import type { PayloadOf } from '../../../log/catalogue'
import { is, type PlatformEvent } from '../../core/platform-event'
import type { BitrecsState } from '../state'
import type { EvaluationState } from './state'
import { isSolved } from './test-results'

/** Changes `state.evaluation` and the status of agents. */
export function evolveEvaluation(state: BitrecsState, event: PlatformEvent): void {
  const { evaluation } = state
  if (is(event, 'BitrecsEvaluationSetCreated')) {
    const { setId, problems, at } = event.payload
    evaluation.set = { setId, problems, createdAtMs: at }
  } else if (is(event, 'BitrecsSessionOpened')) openSession(evaluation, event.payload)
  else if (is(event, 'BitrecsHeartbeat')) {
    const session = evaluation.sessions.get(event.payload.sessionId)
    if (session) {
      session.heartbeatAtMs = event.payload.at
      session.systemMetrics = event.payload.systemMetrics
    }
  } else if (is(event, 'BitrecsSessionClosed')) evaluation.sessions.delete(event.payload.sessionId)
  else if (is(event, 'BitrecsEvaluationStarted')) start(evaluation, event.payload)
  else if (is(event, 'BitrecsRunUpdated')) update(evaluation, event.payload)
  else if (is(event, 'BitrecsEvaluationFinished')) finish(evaluation, event.payload)
  else if (is(event, 'BitrecsScoreRecorded')) evaluation.scoredRuns.add(event.payload.runId)
  else if (is(event, 'BitrecsAgentStatusChanged')) {
    const agent = state.agents.get(event.payload.agentId)
    if (agent) agent.status = event.payload.to
  }
}

function openSession(state: EvaluationState, opened: PayloadOf<'BitrecsSessionOpened'>): void {
  const { sessionId, group, name, hotkey, at } = opened
  state.sessions.set(sessionId, {
    sessionId,
    group,
    name,
    hotkey,
    openedAtMs: at,
    heartbeatAtMs: at,
    systemMetrics: null,
    evaluationId: null,
  })
}

function start(state: EvaluationState, started: PayloadOf<'BitrecsEvaluationStarted'>): void {
  const { evaluationId, agentId, setId, group, sessionId, validator } = started
  const runs = started.runs.map(({ runId, problem }) => ({
    runId,
    evaluationId,
    problem,
    status: 'pending' as const,
    hasAgentLogs: false,
    hasEvalLogs: false,
    errorCode: null,
    solved: null,
  }))
  const evaluation = { evaluationId, agentId, setId, group, validator, runs, outcome: null, score: null }
  state.evaluations.set(evaluationId, evaluation)
  for (const run of runs) state.runs.set(run.runId, run)
  state.byAgent.set(agentId, [...(state.byAgent.get(agentId) ?? []), evaluation])
  const session = state.sessions.get(sessionId)
  if (session) session.evaluationId = evaluationId
}

function update(state: EvaluationState, updated: PayloadOf<'BitrecsRunUpdated'>): void {
  const run = state.runs.get(updated.runId)
  if (!run) return
  run.status = updated.to
  run.hasAgentLogs ||= updated.agentLogs !== null
  run.hasEvalLogs ||= updated.evalLogs !== null
  run.errorCode = updated.errorCode
  if (updated.testResults) run.solved = isSolved(updated.testResults)
}

function finish(state: EvaluationState, finished: PayloadOf<'BitrecsEvaluationFinished'>): void {
  const evaluation = state.evaluations.get(finished.evaluationId)
  if (!evaluation) return
  evaluation.outcome = finished.outcome
  evaluation.score = finished.score
  for (const session of state.sessions.values()) {
    if (session.evaluationId === evaluation.evaluationId) session.evaluationId = null
  }
}
