import { LedgerError } from '../../errors/ledger-error'
import { type Contest, NOBODY, type SubsetJudge } from './contest'
import type { SubsetScheme, WinnerRule } from './policy'
import { MAX_TASKS, subsetPoints } from './subsets'
import { geometricJudge } from './winner-geometric'
import { priorityJudge } from './winner-priority'
import { sumJudge } from './winner-sum'

export interface Award {
  /** By miner index. */
  readonly points: Float64Array
  /** Winner of each subset by its bit mask (task 0 is the lowest bit); −1 for nobody. */
  readonly winners: Int16Array
}

const JUDGES: Record<WinnerRule, (contest: Contest) => SubsetJudge> = {
  priority: priorityJudge,
  sum_majority: sumJudge,
  geometric_mean: geometricJudge,
}

/**
 * Decides every non-empty subset of tasks and adds up the points.
 * @throws LedgerError SL-BITRECS-TASKS for more than MAX_TASKS tasks
 */
export function award(contest: Contest, rule: WinnerRule, scheme: SubsetScheme): Award {
  const { taskCount, minerCount } = contest
  if (taskCount > MAX_TASKS) {
    throw new LedgerError(
      'SL-BITRECS-TASKS',
      'user',
      `A set of ${taskCount} tasks has too many subsets to decide.`,
      {
        remedy: `Evaluation sets have at most ${MAX_TASKS} tasks.`,
        facts: { taskCount },
      },
    )
  }
  const points = new Float64Array(minerCount)
  const winners = new Int16Array(2 ** taskCount).fill(NOBODY)
  if (minerCount === 0) return { points, winners }
  const judge = JUDGES[rule](contest)
  const visit = (depth: number, from: number, mask: number): void => {
    for (let task = from; task < taskCount; task++) {
      const extended = mask | (1 << task)
      judge.enter(depth, task)
      const winner = judge.winner(depth)
      winners[extended] = winner
      if (winner !== NOBODY) points[winner]! += subsetPoints(depth + 1, scheme)
      visit(depth + 1, task + 1, extended)
    }
  }
  visit(0, 0, 0)
  return { points, winners }
}

/** The winner of a single subset, given by ascending task indices; −1 for nobody. */
export function subsetWinner(contest: Contest, rule: WinnerRule, tasks: readonly number[]): number {
  if (contest.minerCount === 0 || tasks.length === 0) return NOBODY
  const judge = JUDGES[rule](contest)
  for (const [depth, task] of tasks.entries()) judge.enter(depth, task)
  return judge.winner(tasks.length - 1)
}
