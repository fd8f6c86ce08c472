import type { Decided, Moment } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import type { BitrecsState } from '../state'
import { type Answer, done, refuse } from './answer'
import { closeSession, endEvaluation } from './close-session'
import { isSession, sessionOf } from './decide-session'
import { type EvaluationRules, queueOf } from './rules'
import { isEnded, type Session } from './state'

/** The reference ends a session upon any error of request, update and finish (spec bitrecs §4). */
export interface Strictness extends EvaluationRules {
  readonly dropSessionOnError: boolean
}

/** A refusal, and the end of the session when the platform is as strict as the reference. */
export function refuseSession(
  state: BitrecsState,
  session: Session,
  refused: { command: string; status: number; code: string; reason: string; subject?: string },
  rules: Strictness,
  at: number,
): Decided<Answer> {
  const more = rules.dropSessionOnError
    ? closeSession(state, session, `error: ${refused.code}`, rules, at)
    : []
  return refuse({ ...refused, actor: session.hotkey }, at, more)
}

/** Ids that a new evaluation gets: they are random, so they come from outside. */
export interface NewIds {
  readonly evaluationId: string
  next(): string
}

/** POST /validator/request-evaluation: the next agent of the node's queue, or null. */
export function requestEvaluation(
  state: BitrecsState,
  { timeMs: at }: Moment,
  sessionId: string,
  ids: NewIds,
  rules: Strictness,
): Decided<Answer> {
  const command = 'request-evaluation'
  const session = sessionOf(state, sessionId, command)
  if (!isSession(session)) return refuse(session, at)
  if (session.evaluationId !== null) {
    const reason = 'This node has an evaluation already'
    return refuseSession(state, session, { command, status: 409, code: 'busy', reason }, rules, at)
  }
  const { set } = state.evaluation
  const validator = session.hotkey ?? session.name
  const [agent] = queueOf(state, session.group, rules.evalsPerAgent, validator)
  const problems = set?.problems[session.group] ?? []
  if (!set || !agent || problems.length === 0) return { events: [], reply: { status: 200, body: null } }
  const runs = problems.map((problem) => ({ runId: ids.next(), problem }))
  const started = draft('BitrecsEvaluationStarted', {
    evaluationId: ids.evaluationId,
    agentId: agent.agentId,
    setId: set.setId,
    group: session.group,
    sessionId,
    validator,
    runs,
    at,
  })
  const evaluationRuns = runs.map(({ runId, problem }) => ({
    evaluation_run_id: runId,
    problem_name: problem,
  }))
  return done({ agent_code: 'ignored', evaluation_runs: evaluationRuns }, [started])
}

/** POST /validator/finish-evaluation. */
export function finishEvaluation(
  state: BitrecsState,
  { timeMs: at }: Moment,
  sessionId: string,
  rules: Strictness,
): Decided<Answer> {
  const command = 'finish-evaluation'
  const session = sessionOf(state, sessionId, command)
  if (!isSession(session)) return refuse(session, at)
  const evaluation = state.evaluation.evaluations.get(session.evaluationId ?? '')
  if (!evaluation) {
    const reason = 'This node has no evaluation'
    return refuseSession(state, session, { command, status: 409, code: 'no_evaluation', reason }, rules, at)
  }
  if (evaluation.runs.some((run) => !isEnded(run.status))) {
    const reason = 'Not all runs have ended'
    return refuseSession(state, session, { command, status: 409, code: 'runs_open', reason }, rules, at)
  }
  return done({}, endEvaluation(state, evaluation, rules, at))
}

/** Evaluation sets are the operator's: a new one begins a new contest (§3.5). */
export function createSet(
  state: BitrecsState,
  { timeMs: at }: Moment,
  problems: { screener_1: string[]; screener_2: string[]; validator: string[] },
): Decided<Answer> {
  const setId = (state.evaluation.set?.setId ?? 0) + 1
  const events: PlatformDraft[] = [draft('BitrecsEvaluationSetCreated', { setId, problems, at })]
  return done({ set_id: setId }, events)
}
