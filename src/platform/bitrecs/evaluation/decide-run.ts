import { createHash } from 'node:crypto'
import type { PayloadOf } from '../../../log/catalogue'
import type { Blob } from '../../core/blobs'
import type { Registration } from '../../core/chain-facts'
import type { Decided, Moment } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import type { BitrecsState } from '../state'
import { isExcluded } from '../state'
import { type Answer, done, refusalEvent, refuse } from './answer'
import { refuseSession, type Strictness } from './decide-evaluation'
import { isSession, sessionOf } from './decide-session'
import type { Evaluation, Run, RunStatus, Session } from './state'
import { scoreIn } from './test-results'

export interface RunUpdate {
  readonly runId: string
  readonly status: RunStatus
  readonly patch?: string | null | undefined
  readonly testResults?: readonly unknown[] | null | undefined
  readonly agentLogs?: string | null | undefined
  readonly evalLogs?: string | null | undefined
  readonly errorCode?: number | null | undefined
  readonly errorMessage?: string | null | undefined
}

export interface RunRules extends Strictness {
  readonly logMaxBytes: number
  readonly scoresFromRuns: boolean
}

/** Each step only from its predecessor; an error from any that has not ended (spec bitrecs §3.3). */
const PREDECESSOR: Readonly<Record<RunStatus, RunStatus | null>> = {
  pending: null,
  initializing_agent: 'pending',
  running_agent: 'initializing_agent',
  initializing_eval: 'running_agent',
  running_eval: 'initializing_eval',
  finished: 'running_eval',
  error: null,
}

interface Fault {
  readonly status: number
  readonly code: string
  readonly reason: string
}

/** POST /validator/update-evaluation-run: 409, 404, 403, 400, 422 in this order. */
export function updateRun(
  state: BitrecsState,
  { timeMs: at }: Moment,
  sessionId: string,
  asked: RunUpdate,
  registration: Registration | null,
  rules: RunRules,
): Decided<Answer> {
  const command = 'update-evaluation-run'
  const session = sessionOf(state, sessionId, command)
  if (!isSession(session)) return refuse(session, at)
  const found = runOf(state, session, asked.runId)
  const fault =
    'code' in found ? found : (stepFault(found.run, asked) ?? contentFault(found.run, asked, rules))
  if (fault) {
    const refused = { command, subject: asked.runId, ...fault }
    // A body that misses something is the node's to mend: unlike the reference, which ends the session, it may be sent again.
    if (fault.status === 422) return refuse({ ...refused, actor: session.hotkey }, at)
    return refuseSession(state, session, refused, rules, at)
  }
  const { run, evaluation } = found as { run: Run; evaluation: Evaluation }
  const scored = asked.status === 'finished' && evaluation.group === 'validator' && rules.scoresFromRuns
  const score = scored ? scoreIn(asked.testResults!) : undefined
  if (typeof score === 'string') {
    const reason = `The test result does not count: ${score}`
    const refused = { command, subject: asked.runId, status: 422, code: score, reason, actor: session.hotkey }
    return refuse(refused, at)
  }
  const { event, blobs } = updated(evaluation, run, asked, at)
  const events: PlatformDraft[] = [event]
  if (score) events.push(scoreEvent(state, evaluation, run, { ...score, at }, registration))
  return done({}, events, blobs)
}

function runOf(
  state: BitrecsState,
  session: Session,
  runId: string,
): { run: Run; evaluation: Evaluation } | Fault {
  const current = state.evaluation.evaluations.get(session.evaluationId ?? '')
  if (!current) return { status: 409, code: 'no_evaluation', reason: 'This node has no evaluation' }
  const run = state.evaluation.runs.get(runId)
  if (!run) return { status: 404, code: 'unknown_run', reason: `There is no run ${runId}` }
  if (run.evaluationId !== current.evaluationId)
    return { status: 403, code: 'not_yours', reason: 'This run belongs to another evaluation' }
  return { run, evaluation: current }
}

function stepFault(run: Run, { status }: RunUpdate): Fault | undefined {
  const isAllowed =
    status === 'error'
      ? run.status !== 'finished' && run.status !== 'error'
      : PREDECESSOR[status] === run.status
  if (isAllowed) return undefined
  return { status: 400, code: 'invalid_transition', reason: `A run in ${run.status} cannot become ${status}` }
}

function contentFault(run: Run, asked: RunUpdate, { logMaxBytes }: RunRules): Fault | undefined {
  const missing = (what: string): Fault => ({
    status: 422,
    code: 'field_missing',
    reason: `${what} is required for ${asked.status}`,
  })
  if (asked.status === 'initializing_eval') {
    if (typeof asked.patch !== 'string') return missing('patch')
    if (typeof asked.agentLogs !== 'string') return missing('agent_logs')
  }
  if (asked.status === 'finished') {
    if (!asked.testResults) return missing('test_results')
    if (typeof asked.evalLogs !== 'string') return missing('eval_logs')
  }
  if (asked.status === 'error') {
    if (typeof asked.errorCode !== 'number') return missing('error_code')
    if (typeof asked.errorMessage !== 'string') return missing('error_message')
  }
  if ((run.hasAgentLogs && asked.agentLogs != null) || (run.hasEvalLogs && asked.evalLogs != null))
    return { status: 422, code: 'logs_twice', reason: 'Logs are taken once' }
  for (const text of [asked.patch, asked.agentLogs, asked.evalLogs]) {
    if (text != null && Buffer.byteLength(text) > logMaxBytes)
      return { status: 422, code: 'too_long', reason: `Logs have at most ${logMaxBytes} bytes` }
  }
  return undefined
}

const ERROR_MESSAGE_MAX_CHARS = 2_000

function updated(
  evaluation: Evaluation,
  run: Run,
  asked: RunUpdate,
  at: number,
): { event: PlatformDraft; blobs: Blob[] } {
  const blobs: Blob[] = []
  const kept = (text: string | null | undefined) => {
    if (text == null) return null
    const bytes = Buffer.from(text)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    blobs.push({ sha256, bytes })
    return { sha256, bytes: bytes.length }
  }
  const event = draft('BitrecsRunUpdated', {
    runId: run.runId,
    evaluationId: run.evaluationId,
    agentId: evaluation.agentId,
    problem: run.problem,
    from: run.status,
    to: asked.status,
    patch: kept(asked.patch),
    agentLogs: kept(asked.agentLogs),
    evalLogs: kept(asked.evalLogs),
    testResults: asked.testResults ? [...asked.testResults] : null,
    errorCode: asked.status === 'error' ? asked.errorCode! : null,
    errorMessage: asked.status === 'error' ? asked.errorMessage!.slice(0, ERROR_MESSAGE_MAX_CHARS) : null,
    at,
  })
  return { event, blobs }
}

interface Measured {
  readonly score: number
  readonly status: string
  readonly duration: number
  readonly samples?: number
  readonly at: number
}

/** The score of a finished run; of a banned hotkey none counts, and the log says so. */
function scoreEvent(
  state: BitrecsState,
  evaluation: Evaluation,
  run: Run,
  { score, status, duration, samples, at }: Measured,
  registration: Registration | null,
): PlatformDraft {
  const agent = state.agents.get(evaluation.agentId)!
  const reason = isExcluded(state, agent) ? 'excluded_agent' : undefined
  if (reason || state.evaluation.scoredRuns.has(run.runId)) {
    const code = reason ?? 'duplicate_run'
    const refused = { command: 'record-score', status: 409, code, reason: 'The score does not count' }
    return refusalEvent({ ...refused, subject: run.runId }, at)
  }
  const payload: PayloadOf<'BitrecsScoreRecorded'> = {
    runId: run.runId,
    agentId: agent.agentId,
    hotkey: agent.hotkey,
    uid: registration?.uid ?? null,
    registeredAt: registration?.registeredAt ?? null,
    task: run.problem,
    score,
    success: status === 'pass',
    durationSeconds: duration,
    sampleSize: samples ?? 0,
    setId: evaluation.setId,
    validator: evaluation.validator,
    source: 'run',
    at,
  }
  return draft('BitrecsScoreRecorded', payload, { actor: agent.hotkey })
}
