const U16_MAX = 65_535
/** Above this the chain multiplies by a ratio truncated to 32 fractional bits, below it divides last. */
const RATIO_ABOVE = 32_768
const FRACTION = 2 ** 32

/**
 * Weights as the chain stores them: scaled so that the largest is 65535, in the fixed-point arithmetic (I32F32) of
 * `vec_u16_max_upscale_to_u16` in pallets/subtensor/src/epoch/math.rs. Every product below stays under 2^53.
 */
export function maxUpscale(weights: readonly number[]): number[] {
  let max = 0
  for (const w of weights) if (w > max) max = w
  if (max === 0) return weights.map(() => 0)
  if (max === U16_MAX) return weights.slice()
  if (max > RATIO_ABOVE) {
    const ratio = Math.floor((U16_MAX * FRACTION) / max)
    return weights.map((w) => Math.min(U16_MAX, Math.floor((w * ratio) / FRACTION + 0.5)))
  }
  return weights.map((w) => Math.floor((2 * w * U16_MAX + max) / (2 * max)))
}
