import type { Hex } from '../../../log/envelope'

export type Group = 'screener_1' | 'screener_2' | 'validator'

/** Spec bitrecs §3.3. */
export type RunStatus =
  | 'pending'
  | 'initializing_agent'
  | 'running_agent'
  | 'initializing_eval'
  | 'running_eval'
  | 'finished'
  | 'error'

export interface EvaluationSet {
  readonly setId: number
  readonly problems: Readonly<Record<Group, readonly string[]>>
  /** ms since the Unix epoch */
  readonly createdAtMs: number
}

export interface Session {
  readonly sessionId: string
  readonly group: Group
  readonly name: string
  /** null: a screener. */
  readonly hotkey: Hex | null
  readonly openedAtMs: number
  heartbeatAtMs: number
  systemMetrics: unknown
  /** The one evaluation that it may have open. */
  evaluationId: string | null
}

export interface Run {
  readonly runId: string
  readonly evaluationId: string
  readonly problem: string
  status: RunStatus
  hasAgentLogs: boolean
  hasEvalLogs: boolean
  errorCode: number | null
  /** Every test of it passed; null: it has no results. */
  solved: boolean | null
}

export interface Evaluation {
  readonly evaluationId: string
  readonly agentId: string
  readonly setId: number
  readonly group: Group
  /** Hotkey (hex) or name of who runs it. */
  readonly validator: string
  readonly runs: readonly Run[]
  /** null: running. */
  outcome: 'success' | 'failure' | null
  /** Solved runs by all runs, when it has ended. */
  score: number | null
}

/** Sets, sessions, evaluations and runs: the part of the state that evaluation events change. */
export interface EvaluationState {
  /** The newest one is the contest (§3.5). */
  set: EvaluationSet | null
  /** Open ones only. */
  readonly sessions: Map<string, Session>
  readonly evaluations: Map<string, Evaluation>
  readonly runs: Map<string, Run>
  /** Evaluations of each agent, oldest first. */
  readonly byAgent: Map<string, Evaluation[]>
  /** Run ids whose score was recorded: one counts once. */
  readonly scoredRuns: Set<string>
}

export const initialEvaluation = (): EvaluationState => ({
  set: null,
  sessions: new Map(),
  evaluations: new Map(),
  runs: new Map(),
  byAgent: new Map(),
  scoredRuns: new Set(),
})

/** Validators that are connected now, screeners excluded: submissions need `NUM_EVALS_PER_AGENT` of them (§2.4, check 3). */
export function connectedValidatorCount({ sessions }: EvaluationState): number {
  let count = 0
  for (const { group } of sessions.values()) if (group === 'validator') count += 1
  return count
}

export const isEnded = (status: RunStatus): boolean => status === 'finished' || status === 'error'
