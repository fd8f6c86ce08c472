/**
 * Points to weights: softmax with temperature; uniform when all points are 0; a minimum weight only when it fits
 * (spec bitrecs §5.6). On chain only the largest counts; the values are served as information.
 * @throws RangeError when the temperature is not positive
 */
export function softmax(points: readonly number[], temperature = 1, minWeight = 0): number[] {
  if (temperature <= 0) throw new RangeError('temperature must be > 0')
  const n = points.length
  if (n === 0) return []
  if (points.every((value) => value === 0)) return points.map(() => 1 / n)
  const largest = points.reduce((max, value) => (value > max ? value : max), Number.NEGATIVE_INFINITY)
  const exponentials = points.map((value) => Math.exp((value - largest) / temperature))
  const sum = exponentials.reduce((total, value) => total + value, 0)
  const weights = exponentials.map((value) => value / sum)
  if (minWeight <= 0 || minWeight * n >= 1) return weights
  return weights.map((weight) => weight * (1 - minWeight * n) + minWeight)
}
