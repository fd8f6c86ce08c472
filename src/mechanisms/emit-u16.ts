const U16_MAX = 65_535

export interface EmittedWeights {
  readonly uids: number[]
  /** u16, the largest is 65535. */
  readonly values: number[]
}

/** `float32`: the SDK receives the weights as float32 first; `float64`: the subnet's own program scales them before. */
export type EmitPrecision = 'float32' | 'float64'

/**
 * Weights as they go on chain: divided by the largest (in float64), times 65535, rounded half to even, zeros dropped (spec bitrecs
 * §1.5). Nothing is emitted when all are zero. The precision of the input can change the last digit: 0.1 beside 0.6 is
 * 10922 from float32 and 10923 from float64.
 */
export function emitU16(
  uids: readonly number[],
  weights: readonly number[],
  precision: EmitPrecision = 'float32',
): EmittedWeights {
  const rounded = precision === 'float32' ? weights.map((weight) => Math.fround(weight)) : weights
  const largest = rounded.reduce((max, weight) => Math.max(max, weight), 0)
  const emitted: EmittedWeights = { uids: [], values: [] }
  if (largest === 0) return emitted
  for (let i = 0; i < uids.length; i++) {
    const value = roundHalfEven((rounded[i]! / largest) * U16_MAX)
    if (value === 0) continue
    emitted.uids.push(uids[i]!)
    emitted.values.push(value)
  }
  return emitted
}

/** Rounds as Python's round() and IEEE 754 do: a tie goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const fraction = value - floor
  if (fraction !== 0.5) return fraction < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}
