/**
 * A dominates B iff nowhere worse by more than ε and somewhere better by more than ε. Scores are float32, the comparison is
 * float64; NaN makes every comparison false (spec bitrecs §5.3).
 */
export function dominates(a: Float32Array, b: Float32Array, epsilons: Float64Array): boolean {
  let better = false
  for (let task = 0; task < a.length; task++) {
    if (!(a[task]! >= b[task]! - epsilons[task]!)) return false
    if (a[task]! > b[task]! + epsilons[task]!) better = true
  }
  return better
}
