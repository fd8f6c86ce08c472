/** How long a signed extrinsic may be included (`sp_runtime::generic::Era`). */
export interface Era {
  readonly lengthBytes: number
  /** Absent: immortal. Blocks. */
  readonly mortal?: { readonly period: number; readonly phase: number }
}

const MIN_PERIOD_BLOCKS = 4

/** One byte 0 for immortal, else two: period's exponent in the low four bits, quantized phase above. */
export function readEra(bytes: Uint8Array): Era {
  const first = bytes[0]
  if (first === undefined) throw new Error('the era is missing')
  if (first === 0) return { lengthBytes: 1 }
  const second = bytes[1]
  if (second === undefined) throw new Error('the era is cut off')
  const encoded = first + (second << 8)
  const period = 2 << (encoded & 0xf)
  const quantizeFactor = Math.max(period >> 12, 1)
  const phase = (encoded >> 4) * quantizeFactor
  if (period < MIN_PERIOD_BLOCKS || phase >= period) throw new Error('the era is invalid')
  return { lengthBytes: 2, mortal: { period, phase } }
}

/** Height whose hash the signer signed, for an extrinsic that is looked at while `height` is the newest block. */
export function eraBirth(era: Era, height: number): number {
  if (!era.mortal) return 0
  const { period, phase } = era.mortal
  return Math.floor((Math.max(height, phase) - phase) / period) * period + phase
}
