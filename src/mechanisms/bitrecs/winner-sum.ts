import { byFirstBlock, type Contest, isSenior, NOBODY, type SubsetJudge } from './contest'

/**
 * Second generation (spec bitrecs §5.9): rank by the sum of scores; the leader wins if it exceeds the runner-up's thresholds
 * on more than half of the tasks, else the senior of the two. Published in the documents only.
 */
export function sumJudge(contest: Contest): SubsetJudge {
  const order = byFirstBlock(contest)
  const columns = contest.scores.map((scores) => Float64Array.from(order, (miner) => scores[miner]!))
  const sums = contest.scores.map(() => new Float64Array(contest.minerCount))
  const prefix: number[] = []
  return {
    enter(depth, task) {
      prefix.length = depth
      prefix.push(task)
      const out = sums[depth]!
      const column = columns[task]!
      if (depth === 0) out.set(column)
      else for (let i = 0; i < out.length; i++) out[i] = sums[depth - 1]![i]! + column[i]!
    },
    winner(depth) {
      const [first, second] = topTwo(sums[depth]!)
      if (first === NOBODY) return NOBODY
      if (second === NOBODY) return order[first]!
      const leader = order[first]!
      const runner = order[second]!
      const wins = prefix.filter(
        (task) => contest.scores[task]![leader]! > contest.thresholds[task]![runner]!,
      ).length
      if (wins * 2 > prefix.length) return leader
      return isSenior(contest, leader, runner) ? leader : runner
    },
  }
}

/** Positions of the two largest values, the earlier first where equal; NaN ranks nowhere. */
function topTwo(values: Float64Array): [number, number] {
  let [first, second] = [NOBODY, NOBODY]
  let [a, b] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value > a) [second, b, first, a] = [first, a, i, value]
    else if (value > b) [second, b] = [i, value]
  }
  return [first, second]
}
