/** Below this many values numpy sums in plain order, and up to the block size in eight lanes. */
const PAIRWISE_LANES = 8
const PAIRWISE_BLOCK_VALUES = 128

/**
 * Population standard deviation as numpy computes it on a float32 column: every operation rounds to float32 and sums are
 * pairwise. The last bit matters, because ε decides dominance (spec bitrecs §5.3).
 */
export function float32Std(values: Float32Array): number {
  const n = values.length
  const mean = Math.fround(pairwiseSum(values, 0, n) / n)
  const squares = new Float32Array(n)
  for (let i = 0; i < n; i++) {
    const difference = Math.fround(values[i]! - mean)
    squares[i] = difference * difference
  }
  const variance = Math.fround(pairwiseSum(squares, 0, n) / n)
  return Math.fround(Math.sqrt(variance))
}

/** numpy's float32 pairwise summation: eight running lanes in a block, halves (a multiple of eight) above it. */
function pairwiseSum(values: Float32Array, start: number, count: number): number {
  const round = Math.fround
  if (count < PAIRWISE_LANES) {
    let sum = 0
    for (let i = 0; i < count; i++) sum = round(sum + values[start + i]!)
    return sum
  }
  if (count > PAIRWISE_BLOCK_VALUES) {
    let half = Math.floor(count / 2)
    half -= half % PAIRWISE_LANES
    return round(pairwiseSum(values, start, half) + pairwiseSum(values, start + half, count - half))
  }
  const lanes = values.slice(start, start + PAIRWISE_LANES)
  let i = PAIRWISE_LANES
  for (; i < count - (count % PAIRWISE_LANES); i += PAIRWISE_LANES) {
    for (let lane = 0; lane < PAIRWISE_LANES; lane++) lanes[lane] = lanes[lane]! + values[start + i + lane]!
  }
  const [a, b, c, d, e, f, g, h] = lanes as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  let sum = round(round(round(a + b) + round(c + d)) + round(round(e + f) + round(g + h)))
  for (; i < count; i++) sum = round(sum + values[start + i]!)
  return sum
}
