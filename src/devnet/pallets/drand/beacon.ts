import { bls12_381 } from '@noble/curves/bls12-381'
import { sha256 } from '@noble/hashes/sha2'
import { bytesToHex } from '@noble/hashes/utils'
import { pointOfRound } from '../../../timelock/round-point'

const { G2 } = bls12_381
const CURVE_ORDER = bls12_381.fields.Fr.ORDER
type G2Point = InstanceType<typeof G2.ProjectivePoint>

export interface Pulse {
  readonly round: bigint
  /** SHA-256 of the signature. */
  readonly randomness: string
  /** Compressed point of G1, 48 bytes. */
  readonly signature: string
}

/**
 * A beacon of our own with drand quicknet's scheme: signatures on G1 over SHA-256(round, 8 bytes big-endian), public
 * key on G2. The key comes from the devnet's seed, so that whoever runs the devnet can open every round in time.
 */
export class Beacon {
  readonly publicKey: G2Point
  private readonly secret: bigint

  constructor(seed: number) {
    const bytes = sha256(`subledger devnet beacon ${seed}`)
    this.secret = (BigInt(`0x${bytesToHex(bytes)}`) % (CURVE_ORDER - 1n)) + 1n
    this.publicKey = G2.ProjectivePoint.BASE.multiply(this.secret)
  }

  pulse(round: bigint): Pulse {
    // The secret is none, so that nothing has to take the same time for every key.
    const signature = pointOfRound(round).multiplyUnsafe(this.secret).toRawBytes(true)
    return {
      round,
      randomness: `0x${bytesToHex(sha256(signature))}`,
      signature: `0x${bytesToHex(signature)}`,
    }
  }
}
