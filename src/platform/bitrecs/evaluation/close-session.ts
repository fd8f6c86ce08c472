import { draft, type PlatformDraft } from '../../core/platform-event'
import type { BitrecsState } from '../state'
import { conclude, type EvaluationRules, transitionAfter } from './rules'
import { type Evaluation, isEnded, type Run, type RunStatus, type Session } from './state'

/** Codes of runs that the platform had to end, by the stage they were in (spec bitrecs §3.3). */
const PLATFORM_ERROR_CODE: Readonly<Record<RunStatus, number>> = {
  pending: 3_000,
  initializing_agent: 3_010,
  running_agent: 3_020,
  initializing_eval: 3_030,
  running_eval: 3_040,
  finished: 0,
  error: 0,
}

/** A session ends; what it had open ends with it, and the agent goes back to its queue. */
export function closeSession(
  state: BitrecsState,
  session: Session,
  reason: string,
  rules: EvaluationRules,
  at: number,
): PlatformDraft[] {
  const { sessionId, evaluationId } = session
  const evaluation = evaluationId === null ? undefined : state.evaluation.evaluations.get(evaluationId)
  const closed = draft('BitrecsSessionClosed', { sessionId, reason, at })
  if (!evaluation || evaluation.outcome !== null) return [closed]
  const open = evaluation.runs.filter((run) => !isEnded(run.status))
  const failed = open.map((run) => endRun(evaluation, run, `session ended: ${reason}`, at))
  const asEnded: Evaluation = {
    ...evaluation,
    runs: evaluation.runs.map((run) =>
      isEnded(run.status) ? run : { ...run, status: 'error', errorCode: PLATFORM_ERROR_CODE[run.status] },
    ),
  }
  return [...failed, ...endEvaluation(state, asEnded, rules, at), closed]
}

const endRun = (evaluation: Evaluation, run: Run, errorMessage: string, at: number): PlatformDraft =>
  draft('BitrecsRunUpdated', {
    runId: run.runId,
    evaluationId: run.evaluationId,
    agentId: evaluation.agentId,
    problem: run.problem,
    from: run.status,
    to: 'error',
    patch: null,
    agentLogs: null,
    evalLogs: null,
    testResults: null,
    errorCode: PLATFORM_ERROR_CODE[run.status],
    errorMessage,
    at,
  })

/** An evaluation whose runs have all ended, and what that means for its agent. */
export function endEvaluation(
  state: BitrecsState,
  evaluation: Evaluation,
  rules: EvaluationRules,
  at: number,
): PlatformDraft[] {
  const { evaluationId, agentId } = evaluation
  const { outcome, score } = conclude(evaluation)
  const finished = draft('BitrecsEvaluationFinished', { evaluationId, agentId, outcome, score, at })
  const agent = state.agents.get(agentId)
  if (!agent) return [finished]
  const transition = transitionAfter(
    withEnded(state, evaluation, outcome, score),
    agent,
    { ...evaluation, outcome, score },
    rules,
  )
  if (!transition) return [finished]
  const { to, reason } = transition
  return [finished, draft('BitrecsAgentStatusChanged', { agentId, from: agent.status, to, reason, at })]
}

/** The state as it will be: the rules count this evaluation too. */
function withEnded(
  state: BitrecsState,
  evaluation: Evaluation,
  outcome: 'success' | 'failure',
  score: number,
): BitrecsState {
  const own = (state.evaluation.byAgent.get(evaluation.agentId) ?? []).map((one) =>
    one.evaluationId === evaluation.evaluationId ? { ...evaluation, outcome, score } : one,
  )
  const byAgent = new Map(state.evaluation.byAgent).set(evaluation.agentId, own)
  return { ...state, evaluation: { ...state.evaluation, byAgent } }
}
