import type { Hex } from '../../../log/envelope'
import type { Decided, Moment } from '../../core/decider'
import { draft } from '../../core/platform-event'
import type { BitrecsState } from '../state'
import { type Answer, done, type Refused, refuse } from './answer'
import { closeSession } from './close-session'
import type { EvaluationRules } from './rules'
import type { Group, Session } from './state'

/** Limits that a node is told at registration. */
export interface NodeLimits {
  readonly runningAgentSeconds: number
  readonly runningEvalSeconds: number
  readonly runLogMaxBytes: number
}

const opened = (sessionId: string, limits: NodeLimits) => ({
  session_id: sessionId,
  running_agent_timeout_seconds: limits.runningAgentSeconds,
  running_eval_timeout_seconds: limits.runningEvalSeconds,
  max_evaluation_run_log_size_bytes: limits.runLogMaxBytes,
})

export interface ValidatorRegistration {
  readonly sessionId: string
  /** null: no SS58 address. */
  readonly hotkey: Hex | null
  readonly address: string
  /** s since the Unix epoch, as signed */
  readonly timestamp: number
  readonly isSigned: boolean
  readonly isWhitelisted: boolean
  readonly commitHash: string
}

/** Skew that the reference takes, although its message says five minutes (spec bitrecs §4) (s). */
const REGISTRATION_MAX_SKEW_SECONDS = 500

/** POST /validator/register-as-validator: 403, 401, 400, 409 in this order. */
export function registerValidator(
  state: BitrecsState,
  { timeMs: at }: Moment,
  asked: ValidatorRegistration,
  limits: NodeLimits,
): Decided<Answer> {
  const { sessionId, hotkey, address, timestamp, commitHash } = asked
  const no = (status: number, code: string, reason: string) =>
    refuse({ command: 'register-as-validator', status, code, reason, subject: address, actor: hotkey }, at)
  if (!asked.isWhitelisted || hotkey === null)
    return no(403, 'not_whitelisted', `Hotkey ${address} is not a known validator`)
  if (!asked.isSigned) return no(401, 'bad_signature', 'The signature of the timestamp is not valid')
  if (Math.abs(at / 1_000 - timestamp) > REGISTRATION_MAX_SKEW_SECONDS)
    return no(400, 'timestamp_skew', 'The timestamp is not within 5 minutes of the present time')
  if (isConnected(state, ({ hotkey: other }) => other === hotkey))
    return no(409, 'already_connected', 'This validator is connected already')
  const session = { sessionId, group: 'validator' as const, name: address, hotkey, commitHash, at }
  return done(opened(sessionId, limits), [draft('BitrecsSessionOpened', session, { actor: hotkey })])
}

export interface ScreenerRegistration {
  readonly sessionId: string
  readonly name: string
  readonly isPasswordRight: boolean
  readonly commitHash: string
}

const SCREENER_NAME = /^screener-([12])-\d{1,4}$/

/** POST /validator/register-as-screener: 400, 403, 409 in this order. */
export function registerScreener(
  state: BitrecsState,
  { timeMs: at }: Moment,
  { sessionId, name, isPasswordRight, commitHash }: ScreenerRegistration,
  limits: NodeLimits,
): Decided<Answer> {
  const no = (status: number, code: string, reason: string) =>
    refuse({ command: 'register-as-screener', status, code, reason, subject: name.slice(0, 64) }, at)
  const [, level] = SCREENER_NAME.exec(name) ?? []
  if (!level) return no(400, 'screener_name', 'A screener is called screener-<1|2>-<n>')
  if (!isPasswordRight) return no(403, 'wrong_password', 'The password is wrong')
  if (isConnected(state, (session) => session.name === name))
    return no(409, 'already_connected', 'A screener of this name is connected already')
  const group: Group = level === '1' ? 'screener_1' : 'screener_2'
  const session = { sessionId, group, name, hotkey: null, commitHash, at }
  return done(opened(sessionId, limits), [draft('BitrecsSessionOpened', session)])
}

const isConnected = ({ evaluation }: BitrecsState, same: (session: Session) => boolean): boolean =>
  [...evaluation.sessions.values()].some(same)

/** The session that a command is of, or the refusal: 401 as the reference answers. */
export function sessionOf(state: BitrecsState, sessionId: string, command: string): Session | Refused {
  return (
    state.evaluation.sessions.get(sessionId) ?? {
      command,
      status: 401,
      code: 'unknown_session',
      reason: 'The session is not known; register again',
    }
  )
}

export const isSession = (found: Session | Refused): found is Session => 'sessionId' in found

/** POST /validator/heartbeat. */
export function heartbeat(
  state: BitrecsState,
  { timeMs: at }: Moment,
  sessionId: string,
  systemMetrics: unknown,
): Decided<Answer> {
  const session = sessionOf(state, sessionId, 'heartbeat')
  if (!isSession(session)) return refuse(session, at)
  return done({}, [draft('BitrecsHeartbeat', { sessionId, systemMetrics: systemMetrics ?? null, at })])
}

/** POST /validator/disconnect. */
export function disconnect(
  state: BitrecsState,
  { timeMs: at }: Moment,
  sessionId: string,
  reason: string,
  rules: EvaluationRules,
): Decided<Answer> {
  const session = sessionOf(state, sessionId, 'disconnect')
  if (!isSession(session)) return refuse(session, at)
  return done({}, closeSession(state, session, `disconnected: ${reason}`, rules, at))
}

/** Sessions that have been silent for too long. */
export function sweep(
  state: BitrecsState,
  { timeMs: at }: Moment,
  timeoutMs: number,
  rules: EvaluationRules,
): Decided<number> {
  const silent = [...state.evaluation.sessions.values()].filter(
    ({ heartbeatAtMs }) => at - heartbeatAtMs > timeoutMs,
  )
  const events = silent.flatMap((session) => closeSession(state, session, 'heartbeat_timeout', rules, at))
  return { events, reply: silent.length }
}
