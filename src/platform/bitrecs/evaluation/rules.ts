import type { Agent, AgentStatus, BitrecsState } from '../state'
import { isExcluded } from '../state'
import type { Evaluation, EvaluationState, Group } from './state'

/** Thresholds and counts of spec bitrecs §3.1 and §5.8. */
export interface EvaluationRules {
  readonly screener1Permille: number
  readonly screener2Permille: number
  /** Part of the best final score that the second screening needs too. */
  readonly prunePermille: number
  readonly evalsPerAgent: number
  readonly maxScreener2Attempts: number
}

/** Evaluations after which an agent is finished even with fewer successes: three times as many (§3.1). */
const CEILING_MULTIPLIER = 3
/** Distinct validators that a final score needs (§3.2). */
const FINAL_SCORE_MIN_VALIDATORS = 2

const GROUP_STATUS: Readonly<Record<Group, AgentStatus>> = {
  screener_1: 'screening_1',
  screener_2: 'screening_2',
  validator: 'evaluating',
}

/** success: every run finished, or failed by the agent's own fault (1000–1999); score: solved runs by all (§3.2). */
export function conclude({ runs }: Evaluation): { outcome: 'success' | 'failure'; score: number } {
  const isFine = runs.every(
    ({ status, errorCode }) =>
      status === 'finished' || (errorCode !== null && errorCode >= 1_000 && errorCode < 2_000),
  )
  const solved = runs.filter((run) => run.solved === true).length
  return { outcome: isFine ? 'success' : 'failure', score: runs.length === 0 ? 0 : solved / runs.length }
}

/** Mean of an agent's successful validator evaluations above zero; undefined with fewer than two validators (§3.2). */
export function finalScore(state: EvaluationState, agentId: string): number | undefined {
  const good = ofSet(state, agentId).filter(
    ({ group, outcome, score }) => group === 'validator' && outcome === 'success' && score! > 0,
  )
  if (new Set(good.map(({ validator }) => validator)).size < FINAL_SCORE_MIN_VALIDATORS) return undefined
  return good.reduce((sum, { score }) => sum + score!, 0) / good.length
}

/** Highest final score of the contest; 0: none yet. */
function topScore(state: BitrecsState): number {
  let top = 0
  for (const agent of state.agents.values()) {
    if (!isExcluded(state, agent)) top = Math.max(top, finalScore(state.evaluation, agent.agentId) ?? 0)
  }
  return top
}

const ofSet = (state: EvaluationState, agentId: string): readonly Evaluation[] =>
  (state.byAgent.get(agentId) ?? []).filter(({ setId }) => setId === state.set?.setId)

export interface Transition {
  readonly to: AgentStatus
  readonly reason: string
}

/** What becomes of an agent when this evaluation has ended (§3.1); undefined: it stays. */
export function transitionAfter(
  state: BitrecsState,
  agent: Agent,
  ended: Pick<Evaluation, 'group' | 'outcome' | 'score'>,
  rules: EvaluationRules,
): Transition | undefined {
  if (GROUP_STATUS[ended.group] !== agent.status) return undefined
  if (ended.group === 'validator') return finishedAfter(state, agent, rules)
  if (ended.outcome !== 'success') return screeningFailed(state, agent, ended.group, rules)
  const score = ended.score!
  if (ended.group === 'screener_1') {
    const needed = rules.screener1Permille / 1_000
    return judged(score, needed, `score ${score}, needed ${needed}`, 'screening_2', 'failed_screening_1')
  }
  const top = topScore(state)
  const needed = Math.max(rules.screener2Permille / 1_000, (rules.prunePermille / 1_000) * top)
  const reason = `score ${score}, needed ${needed} (best final score ${top})`
  return judged(score, needed, reason, 'evaluating', 'failed_screening_2')
}

const judged = (
  score: number,
  needed: number,
  reason: string,
  passed: AgentStatus,
  failed: AgentStatus,
): Transition => ({ to: score >= needed ? passed : failed, reason })

/** A screening that broke off is tried again; the second one not for ever. */
function screeningFailed(
  state: BitrecsState,
  agent: Agent,
  group: Group,
  { maxScreener2Attempts }: EvaluationRules,
): Transition | undefined {
  if (group !== 'screener_2') return undefined
  const failures = ofSet(state.evaluation, agent.agentId).filter(
    (evaluation) => evaluation.group === 'screener_2' && evaluation.outcome === 'failure',
  ).length
  if (failures < maxScreener2Attempts) return undefined
  return { to: 'failed_screening_2', reason: `${failures} screenings broke off` }
}

function finishedAfter(
  { evaluation }: BitrecsState,
  agent: Agent,
  { evalsPerAgent }: EvaluationRules,
): Transition | undefined {
  const own = ofSet(evaluation, agent.agentId).filter(({ group }) => group === 'validator')
  const successes = own.filter(({ outcome }) => outcome === 'success').length
  if (successes >= evalsPerAgent) return { to: 'finished', reason: `${successes} successful evaluations` }
  const ended = own.filter(({ outcome }) => outcome !== null).length
  if (ended >= CEILING_MULTIPLIER * evalsPerAgent)
    return { to: 'finished', reason: `${ended} evaluations, ${successes} successful` }
  return undefined
}

/** Agents that wait for this kind of evaluation, next one first (§3.4). Banned and unapproved ones wait for nothing. */
export function queueOf(
  state: BitrecsState,
  group: Group,
  evalsPerAgent: number,
  validator?: string,
): Agent[] {
  const waiting = [...state.agents.values()].filter((agent) => {
    if (agent.status !== GROUP_STATUS[group] || isExcluded(state, agent)) return false
    const own = ofSet(state.evaluation, agent.agentId).filter((evaluation) => evaluation.group === group)
    const counting = own.filter(({ outcome }) => outcome !== 'failure')
    if (group !== 'validator') return counting.length === 0
    const isMine = (evaluation: Evaluation) => evaluation.validator === validator
    return counting.length < evalsPerAgent && !counting.some(isMine)
  })
  if (group !== 'validator') return waiting.sort(byAge)
  return waiting.sort(
    (a, b) => screenerScore(state.evaluation, b) - screenerScore(state.evaluation, a) || byAge(a, b),
  )
}

const byAge = (a: Agent, b: Agent): number => a.submittedAtMs - b.submittedAtMs || a.ordinal - b.ordinal

const screenerScore = (state: EvaluationState, { agentId }: Agent): number =>
  Math.max(
    0,
    ...ofSet(state, agentId)
      .filter(({ group, outcome }) => group === 'screener_2' && outcome === 'success')
      .map(({ score }) => score!),
  )
