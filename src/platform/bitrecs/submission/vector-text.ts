const FLOAT32_BYTES = 4

/** Little-endian float32 values in base64, as the log holds them. */
export function encodeVector(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * FLOAT32_BYTES)
  vector.forEach((value, i) => {
    bytes.writeFloatLE(value, i * FLOAT32_BYTES)
  })
  return bytes.toString('base64')
}

export function decodeVector(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  return Float32Array.from({ length: bytes.length / FLOAT32_BYTES }, (_, i) =>
    bytes.readFloatLE(i * FLOAT32_BYTES),
  )
}

/** Of length 1; a vector of zeros stays one. */
export function unitVector(values: ArrayLike<number>): Float32Array {
  let squared = 0
  for (let i = 0; i < values.length; i++) squared += values[i]! * values[i]!
  const length = Math.sqrt(squared) || 1
  return Float32Array.from(values, (value) => value / length)
}
