/** Below and above these a product is scaled first, so that the double-double steps neither underflow nor overflow. */
const SCALE_BELOW = 1e-200
const SCALE_ABOVE = 1e200
/** Power of two to which a tiny product is brought; its reciprocal for a huge one. */
const SCALE_BITS = 512

/** Splits a double into two halves of 26 bits (Veltkamp), so that their products are exact. */
const SPLITTER = 2 ** 27 + 1

/**
 * `product ** (1 / count)` rounded correctly. The reference raises to the *rounded* reciprocal with the C library's pow, which
 * is correctly rounded in all but about one of a thousand cases; V8's own Math.pow is not, and a last bit can decide
 * whether a lead exceeds the gap (spec bitrecs §5.5).
 */
export function geometricMean(product: number, count: number): number {
  if (count === 1 || product === 0 || product === Number.POSITIVE_INFINITY || Number.isNaN(product))
    return product
  if (count === 2) return Math.sqrt(product)
  const shift =
    product < SCALE_BELOW
      ? Math.ceil(SCALE_BITS / count)
      : product > SCALE_ABOVE
        ? -Math.ceil(SCALE_BITS / count)
        : 0
  const scaled = shift === 0 ? product : product * 2 ** (shift * count)
  const reciprocal = 1 / count
  const guess = scaled ** reciprocal
  const [high, low] = integerPower(guess, count)
  // One Newton step from a guess that is right to about an ulp leaves an error of the order of 2^-100.
  const residual = (scaled - high - low) / high / count
  // p^fl(1/k) = p^(1/k) · (1 + δ·ln p) where δ is the rounding error of the reciprocal.
  const [one, rest] = twoProduct(reciprocal, count)
  const delta = (one - 1 + rest) / count
  const corrected = guess + guess * (residual + delta * Math.log(product))
  return shift === 0 ? corrected : corrected * 2 ** -shift
}

/** base^exponent as an unevaluated sum of two doubles. */
function integerPower(base: number, exponent: number): [number, number] {
  let high = base
  let low = 0
  for (let i = 1; i < exponent; i++) {
    const [product, error] = twoProduct(high, base)
    const tail = error + low * base
    high = product + tail
    low = tail - (high - product)
  }
  return [high, low]
}

/** a·b as its double rounding and the exact error of it (Dekker). */
function twoProduct(a: number, b: number): [number, number] {
  const product = a * b
  const ca = SPLITTER * a
  const aHigh = ca - (ca - a)
  const aLow = a - aHigh
  const cb = SPLITTER * b
  const bHigh = cb - (cb - b)
  const bLow = b - bHigh
  return [product, aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)]
}
