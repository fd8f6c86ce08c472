import { bls12_381 } from '@noble/curves/bls12-381'
import { sha256 } from '@noble/hashes/sha2'

const { G1 } = bls12_381
/** Hash-to-curve domain of drand's quicknet scheme `bls-unchained-g1-rfc9380`. */
const DST = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_'

type G1Point = InstanceType<typeof G1.ProjectivePoint>

/** The identity of a round: what is signed, and what is encrypted to. */
export function pointOfRound(round: bigint): G1Point {
  const message = new Uint8Array(8)
  new DataView(message.buffer).setBigUint64(0, round)
  return G1.hashToCurve(sha256(message), { DST }) as G1Point
}
