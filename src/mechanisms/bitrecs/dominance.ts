/**
 * A dominates B iff nowhere worse by more than ε and somewhere better by more than ε. Scores are float32, the comparison is
 * float64; NaN makes every comparison false (spec bitrecs §5.3).
 */
export function dominates(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  epsilon: (task: number) => number,
): boolean {
  let better = false
  for (let task = 0; task < a.length; task++) {
    const band = epsilon(task)
    if (!(a[task]! >= b[task]! - band)) return false
    if (a[task]! > b[task]! + band) better = true
  }
  return better
}
