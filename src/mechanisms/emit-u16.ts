const U16_MAX = 65_535

export interface EmittedWeights {
  readonly uids: number[]
  /** u16, the largest is 65535. */
  readonly values: number[]
}

/**
 * Weights as the Bittensor SDK puts them on chain: float32 weights divided by the largest (in float64), times 65535, rounded
 * half to even, zeros dropped (spec bitrecs §1.5). Nothing is emitted when all are zero.
 */
export function emitU16(uids: readonly number[], weights: readonly number[]): EmittedWeights {
  const rounded = weights.map((weight) => Math.fround(weight))
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
