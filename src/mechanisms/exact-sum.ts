/**
 * Sum of doubles with a single rounding at the end (Shewchuk's partials, as Python's `math.fsum`), so that the order in
 * which tasks were stored cannot change a total.
 */
export function exactSum(values: ArrayLike<number>): number {
  const plain = sumOfGridValues(values)
  if (plain !== undefined) return plain
  const partials: number[] = []
  for (let index = 0; index < values.length; index++) {
    let x = values[index]!
    let kept = 0
    for (let i = 0; i < partials.length; i++) {
      let y = partials[i]!
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x]
      const high = x + y
      const low = y - (high - x)
      if (low !== 0) partials[kept++] = low
      x = high
    }
    partials.length = kept
    partials.push(x)
  }
  return roundPartials(partials)
}

/** Values on this grid add up without rounding while the sum stays below 2^32; medians of half points always are. */
const GRID = 2 ** 20
const MAX_GRID_SUM = 2 ** 32

function sumOfGridValues(values: ArrayLike<number>): number | undefined {
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isInteger(value * GRID)) return undefined
    sum += value
    if (!(Math.abs(sum) < MAX_GRID_SUM)) return undefined
  }
  return sum
}

/** Partials do not overlap, but adding them may fall on a tie that the next lower partial has to break. */
function roundPartials(partials: number[]): number {
  let n = partials.length
  if (n === 0) return 0
  let high = partials[--n]!
  let low = 0
  while (n > 0) {
    const x = high
    const y = partials[--n]!
    high = x + y
    low = y - (high - x)
    if (low !== 0) break
  }
  if (n > 0 && ((low < 0 && partials[n - 1]! < 0) || (low > 0 && partials[n - 1]! > 0))) {
    const doubled = low * 2
    const raised = high + doubled
    if (doubled === raised - high) high = raised
  }
  return high
}
