import { type Contest, isSenior, NOBODY, type SubsetJudge } from './contest'

/**
 * First generation (spec bitrecs §5.9): the earlier miner keeps a subset unless the later one exceeds its threshold on every
 * task; the winner is the most senior miner that stands against everyone in that way. Nobody may. A lone miner wins even
 * with zeros. Two miners of one block both count as the earlier one.
 */
export function priorityJudge(contest: Contest): SubsetJudge {
  const { minerCount } = contest
  const order = Array.from({ length: minerCount }, (_, index) => index).sort((a, b) =>
    isSenior(contest, a, b) ? -1 : 1,
  )
  const beaten = tasksWonAgainst(contest)
  const masks: number[] = []
  return {
    enter(depth, task) {
      masks[depth] = (depth === 0 ? 0 : masks[depth - 1]!) | (1 << task)
    },
    winner(depth) {
      if (minerCount < 2) return minerCount === 1 ? 0 : NOBODY
      const mask = masks[depth]!
      const stands = (candidate: number) =>
        order.every((other) => standsAgainst(contest, beaten, candidate, other, mask))
      return order.find(stands) ?? NOBODY
    },
  }
}

function standsAgainst(
  contest: Contest,
  beaten: Int32Array,
  candidate: number,
  other: number,
  mask: number,
): boolean {
  if (candidate === other) return true
  const { minerCount, firstBlocks } = contest
  if (firstBlocks[candidate]! <= firstBlocks[other]!)
    return (beaten[other * minerCount + candidate]! & mask) !== mask
  return (beaten[candidate * minerCount + other]! & mask) === mask
}

/** For each ordered pair (later, earlier) the mask of tasks on which the later exceeds the earlier's threshold. */
function tasksWonAgainst({ minerCount, scores, thresholds }: Contest): Int32Array {
  const masks = new Int32Array(minerCount * minerCount)
  for (let task = 0; task < scores.length; task++) {
    for (let later = 0; later < minerCount; later++) {
      for (let earlier = 0; earlier < minerCount; earlier++) {
        if (scores[task]![later]! > thresholds[task]![earlier]!)
          masks[later * minerCount + earlier]! |= 1 << task
      }
    }
  }
  return masks
}
