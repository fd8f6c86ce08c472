import { decay } from './decay'
import type { BitrecsPolicy } from './policy'
import { type Standings, standings } from './standings'
import { tasksOf } from './subsets'
import type { BitrecsView } from './view'

export interface LeaderboardRow {
  /** 1 for the winner, then by points; miners with equal points share a rank. */
  readonly rank: number
  readonly key: string
  readonly hotkey: string
  readonly uid: number
  readonly points: number
  /** Softmax of the points of those that stand; null for the others. */
  readonly weight: number | null
  readonly onFrontier: boolean
  readonly isWinner: boolean
  readonly firstBlock: number | null
  readonly decay: number | null
  readonly scores: Readonly<Record<string, number>>
}

/** All miners, the winner first, then by points, then by seniority. */
export function leaderboard(view: BitrecsView, policy: BitrecsPolicy): LeaderboardRow[] {
  const table = standings(view, policy)
  const { miners } = table.aggregated
  const weightOf = new Map(table.standing.map((index, position) => [index, table.weights[position]!]))
  const members = new Set(table.frontier.members)
  const order = miners.map((_, index) => index)
  order.sort(
    (a, b) =>
      Number(b === table.winner) - Number(a === table.winner) ||
      table.points[b]! - table.points[a]! ||
      (miners[a]!.firstBlock ?? Number.POSITIVE_INFINITY) -
        (miners[b]!.firstBlock ?? Number.POSITIVE_INFINITY),
  )
  const others = order.filter((index) => index !== table.winner)
  return order.map((index) => {
    const { key, hotkey, uid, firstBlock, scores } = miners[index]!
    const ahead = others.filter((other) => table.points[other]! > table.points[index]!).length
    return {
      rank: index === table.winner ? 1 : ahead + (table.winner === undefined ? 1 : 2),
      key,
      hotkey,
      uid,
      points: table.points[index]!,
      weight: weightOf.get(index) ?? null,
      onFrontier: members.has(index),
      isWinner: index === table.winner,
      firstBlock: firstBlock ?? null,
      decay: firstBlock === undefined ? null : decay(firstBlock, view.height, policy.decay),
      scores: Object.fromEntries(scores),
    }
  })
}

export interface FrontierReport {
  readonly members: readonly string[]
  readonly tasks: readonly {
    readonly task: string
    readonly epsilon: number
    readonly samples: number | null
  }[]
  readonly dominated: readonly { readonly key: string; readonly by: readonly string[] }[]
}

/** Who dominates whom, with the ε of each task (spec bitrecs §5.3). Keys are identities under the policy. */
export function frontierReport(view: BitrecsView, policy: BitrecsPolicy): FrontierReport {
  const { aggregated, frontier } = standings(view, policy)
  const { miners, tasks, samples } = aggregated
  const key = (index: number) => miners[index]!.key
  const by = new Map<number, string[]>()
  for (const [winner, loser] of frontier.dominancePairs) {
    by.set(loser, [...(by.get(loser) ?? []), key(winner)])
  }
  return {
    members: frontier.members.map(key),
    tasks: tasks.map((task, j) => ({
      task,
      epsilon: frontier.epsilons[j]!,
      samples: samples.get(task) ?? null,
    })),
    dominated: [...by].map(([loser, winners]) => ({ key: key(loser), by: winners })),
  }
}

export interface SubsetWinner {
  readonly tasks: readonly string[]
  /** Null: nobody is eligible. */
  readonly winner: string | null
  readonly hotkey: string | null
}

/** Winners of all 2^n − 1 subsets of tasks (spec bitrecs §5.5): single tasks first, bit i of the number is task i. */
export function subsetWinners(
  view: BitrecsView,
  policy: BitrecsPolicy,
  page: { readonly first: number; readonly after: number },
): { readonly total: number; readonly rows: SubsetWinner[] } {
  const table = standings(view, policy)
  const { tasks } = table.aggregated
  const total = table.award.winners.length - 1
  const numbers = Array.from(
    { length: Math.max(0, Math.min(page.first, total - page.after)) },
    (_, i) => page.after + 1 + i,
  )
  return { total, rows: numbers.map((number) => subsetWinner(table, tasks, number)) }
}

function subsetWinner(table: Standings, tasks: readonly string[], number: number): SubsetWinner {
  const position = table.award.winners[number]!
  const miner = position < 0 ? undefined : table.aggregated.miners[table.contestants[position]!]
  return {
    tasks: tasksOf(number).map((task) => tasks[task]!),
    winner: miner?.key ?? null,
    hotkey: miner?.hotkey ?? null,
  }
}
