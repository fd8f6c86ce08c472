import { median } from '../median'

type Metrics = Readonly<Record<string, number>>

/** What several replays or peers observed, as one: the median of each metric over those that state it. */
export function medianMetrics(observations: readonly Metrics[]): Metrics {
  const names = new Set(observations.flatMap((observed) => Object.keys(observed)))
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const stated = observations.filter((observed) => Object.hasOwn(observed, name))
      return [name, median(stated.map((observed) => observed[name]!))]
    }),
  )
}
