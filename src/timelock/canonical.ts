import { bls12_381 } from '@noble/curves/bls12-381'

const { Fp12 } = bls12_381.fields

const LENGTH_BYTES = 8
const FIELD_BYTES = 48

/** arkworks' canonical form of bytes: their count as u64, little-endian, then they. */
export function arkVector(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeBigUInt64LE(BigInt(bytes.length))
  return Buffer.concat([length, bytes])
}

/** arkworks writes every number of the pairing's target field little-endian; the order of its numbers is the same. */
export function targetBytes(value: ReturnType<typeof bls12_381.pairing>): Uint8Array {
  const bytes = Buffer.from(Fp12.toBytes(value))
  for (let at = 0; at < bytes.length; at += FIELD_BYTES) bytes.subarray(at, at + FIELD_BYTES).reverse()
  return bytes
}

export class ArkReader {
  private at = 0

  constructor(private readonly bytes: Uint8Array) {}

  /** @throws Error when there are not as many */
  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new Error('the bytes end too early')
    const taken = this.bytes.subarray(this.at, this.at + count)
    this.at += count
    return taken
  }

  vector(): Uint8Array {
    const length = Buffer.from(this.take(LENGTH_BYTES)).readBigUInt64LE()
    return this.take(Number(length > BigInt(this.bytes.length) ? this.bytes.length + 1 : length))
  }
}
