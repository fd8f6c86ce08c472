import type { Aggregated } from './aggregate'
import { dominates } from './dominance'
import { samplingEpsilon, spreadEpsilon } from './epsilon'
import type { BitrecsPolicy } from './policy'

export interface Frontier {
  /** By task, in task order. Empty when the band belongs to a pair of miners (`sampling_error`). */
  readonly epsilons: readonly number[]
  /** Indices of miners that nobody dominates. The relation can cycle, so that this may be empty (vector P31). */
  readonly members: readonly number[]
  /** Pairs of indices [dominator, dominated] in row order. */
  readonly dominancePairs: readonly (readonly [number, number])[]
  /** The band used when comparing miner `a` with miner `b` on a task. */
  readonly band: (a: number, b: number, task: number) => number
}

/** The ε-Pareto frontier of a float32 score matrix in which a missing score is 0 (spec bitrecs §5.3). */
export function frontier({ miners, tasks, samples }: Aggregated, policy: BitrecsPolicy): Frontier {
  const matrix = miners.map((miner) => Float32Array.from(tasks, (task) => miner.scores.get(task) ?? 0))
  const isSpread = policy.epsilon.source === 'spread'
  const epsilons = isSpread
    ? Float64Array.from(tasks, (task, j) => {
        const n = samples.get(task) ?? policy.epsilon.defaultSamples
        return spreadEpsilon(
          Float32Array.from(matrix, (row) => row[j]!),
          n,
          policy.epsilon,
        )
      })
    : new Float64Array()
  const counts = miners.map((miner) => tasks.map((task) => miner.samples.get(task) ?? 0))
  const band = isSpread
    ? (_a: number, _b: number, task: number) => epsilons[task]!
    : (a: number, b: number, task: number) =>
        samplingEpsilon(
          matrix[a]![task]!,
          counts[a]![task]!,
          matrix[b]![task]!,
          counts[b]![task]!,
          policy.epsilon,
        )
  const bandsOf = (a: number, b: number) =>
    isSpread ? epsilons : Float64Array.from(tasks, (_, j) => band(a, b, j))
  const dominancePairs: [number, number][] = []
  const dominated = new Uint8Array(miners.length)
  for (let a = 0; a < miners.length; a++) {
    for (let b = 0; b < miners.length; b++) {
      if (a === b || !dominates(matrix[a]!, matrix[b]!, bandsOf(a, b))) continue
      dominancePairs.push([a, b])
      dominated[b] = 1
    }
  }
  const members = miners.map((_, index) => index).filter((index) => dominated[index] === 0)
  return { epsilons: [...epsilons], members, dominancePairs, band }
}
