import { createHash } from 'node:crypto'
import type { Measured, RunTask } from '../../../validator/evaluation/evaluator-node'

/** Problems of the scenario's evaluation set; two of the reference's own for each screening, four for validators. */
export const SCENARIO_SET = {
  screener_1: ['bitrecs_basic_daily', 'bitrecs_artifact_pricing'],
  screener_2: ['bitrecs_safe_daily', 'bitrecs_haystack_daily', 'bitrecs_qos_daily'],
  validator: ['bitrecs_prompt_daily', 'bitrecs_reason_daily', 'bitrecs_sku_daily', 'bitrecs_predict_daily'],
} as const

/** Rows of a task, as in the reference (`TOP_RECORDS`). */
const ROWS = 5
const PASSING_SCORE = 0.3

/** Artifacts that a screening is to fail. */
const WEAK = /miner 9$/
/** The best from the beginning at all but one problem: it wins, others stay beside it on the frontier, and its share decays. */
const CHAMPION = /miner 1$/
const WEAKER_AT = 'bitrecs_predict_daily'

/**
 * What a container of the reference's evaluations would measure, made from the artifact and the problem alone: some artifacts are
 * better than others, on some problems, and every validator finds the same.
 */
export function judge({ agent, problem }: Pick<RunTask, 'agent' | 'problem'>): Measured {
  const text = `${agent.name} ${agent.system_prompt_template} ${problem}`
  const draw = createHash('sha256').update(text).digest()
  if (WEAK.test(String(agent.name))) return { score: 0, success: false, durationSeconds: 2, samples: ROWS }
  const isScreening = !(SCENARIO_SET.validator as readonly string[]).includes(problem)
  const isChampion = CHAMPION.test(String(agent.name))
  const drawn = isChampion ? ROWS - Number(problem === WEAKER_AT) : 2 + (draw[0]! % (ROWS - 1))
  const hits = isScreening ? ROWS : drawn
  const score = hits / ROWS
  const agentLogs = `evaluated ${agent.name} on ${problem}`
  const durationSeconds = 1 + (draw[1]! % 40) / 10
  return { score, success: score >= PASSING_SCORE, durationSeconds, samples: ROWS, agentLogs }
}
