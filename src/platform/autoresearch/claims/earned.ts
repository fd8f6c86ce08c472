import { isListed } from '../rewards/snapshot'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState } from '../state'

export interface Earned {
  /** Smallest units by SS58 hotkey. */
  readonly amounts: ReadonlyMap<string, bigint>
  /** Left for the next epoch: rounding, and shares of tasks without a best result. */
  readonly carried: bigint
}

/**
 * The stated default while the reward formula is unpublished: the budget by competition weight, each share to the miner of the
 * task's best result. An operator who knows better gives the amounts.
 */
export function earnedByBest(state: AutoresearchState, budget: bigint, rules: AutoresearchRules): Earned {
  const tasks = [...state.tasks.values()].filter(isListed)
  const { amounts: shares } = rules.splitBudget(
    budget,
    tasks.map(({ record }) => ({ slug: record.slug, weight: record.competition_weight })),
  )
  const amounts = new Map<string, bigint>()
  let spent = 0n
  for (const { taskId, record } of tasks) {
    const hotkey = state.standings.get(taskId)?.best?.hotkey
    const share = shares.get(record.slug) ?? 0n
    if (hotkey === undefined || share === 0n) continue
    amounts.set(hotkey, (amounts.get(hotkey) ?? 0n) + share)
    spent += share
  }
  return { amounts, carried: budget - spent }
}
