import { createCipheriv, createDecipheriv } from 'node:crypto'
import { bls12_381 } from '@noble/curves/bls12-381'
import { sha256 } from '@noble/hashes/sha2'
import { pointOfRound } from './beacon'

const { G1, G2 } = bls12_381
const { Fp12, Fr } = bls12_381.fields

const POINT_BYTES = 96
const TAG_BYTES = 16
/** A key is used once, so that the nonce may be constant. */
const NONCE = new Uint8Array(12)

type G2Point = InstanceType<typeof G2.ProjectivePoint>

/**
 * Timelock encryption to a round (Boneh–Franklin over BLS12-381): only the round's signature opens it.
 * The principle is that of `w3f/tle`, which Subtensor uses; the bytes differ: here U (compressed G2, 96 bytes), then
 * AES-256-GCM ciphertext and tag. Clients of mainnet therefore cannot open what the devnet's miners lock, nor the reverse.
 * @param entropy at least 32 bytes; the same entropy gives the same ciphertext
 */
export function lock(
  plaintext: Uint8Array,
  round: bigint,
  publicKey: G2Point,
  entropy: Uint8Array,
): Uint8Array {
  const r = Fr.create(BigInt(`0x${Buffer.from(sha256(entropy)).toString('hex')}`))
  const shared = bls12_381.pairing(pointOfRound(round), publicKey.multiply(r))
  const cipher = createCipheriv('aes-256-gcm', keyFrom(shared), NONCE)
  const sealed = [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]
  return Buffer.concat([G2.ProjectivePoint.BASE.multiply(r).toRawBytes(true), ...sealed])
}

/** The plaintext, or undefined for bytes that do not open with this signature. */
export function unlock(ciphertext: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  if (ciphertext.length < POINT_BYTES + TAG_BYTES) return undefined
  try {
    const u = G2.ProjectivePoint.fromHex(ciphertext.subarray(0, POINT_BYTES))
    const shared = bls12_381.pairing(G1.ProjectivePoint.fromHex(signature), u)
    const decipher = createDecipheriv('aes-256-gcm', keyFrom(shared), NONCE)
    decipher.setAuthTag(ciphertext.subarray(ciphertext.length - TAG_BYTES))
    const body = ciphertext.subarray(POINT_BYTES, ciphertext.length - TAG_BYTES)
    return Buffer.concat([decipher.update(body), decipher.final()])
  } catch {
    // Not a point, or not sealed for this round: the chain drops such a commitment without a word.
    return undefined
  }
}

const keyFrom = (shared: ReturnType<typeof bls12_381.pairing>): Uint8Array => sha256(Fp12.toBytes(shared))
