import { endianness } from 'node:os'

const FLOAT32_BYTES = 4
const IS_LITTLE_ENDIAN = endianness() === 'LE'

/** Little-endian float32 values in base64, as the log holds them. */
export function encodeVector(vector: Float32Array): string {
  const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
  return (IS_LITTLE_ENDIAN ? bytes : Buffer.from(bytes).swap32()).toString('base64')
}

export function decodeVector(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  if (!IS_LITTLE_ENDIAN) bytes.swap32()
  // A copy of its own: what Buffer hands out may lie anywhere in a shared piece of memory.
  return new Float32Array(Uint8Array.from(bytes).buffer, 0, Math.floor(bytes.length / FLOAT32_BYTES))
}

/** Of length 1; a vector of zeros stays one. */
export function unitVector(values: ArrayLike<number>): Float32Array {
  let squared = 0
  for (let i = 0; i < values.length; i++) squared += values[i]! * values[i]!
  const length = Math.sqrt(squared) || 1
  const unit = new Float32Array(values.length)
  for (let i = 0; i < values.length; i++) unit[i] = values[i]! / length
  return unit
}
