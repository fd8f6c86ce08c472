import { createCipheriv, createDecipheriv } from 'node:crypto'
import { bls12_381 } from '@noble/curves/bls12-381'
import { sha256 } from '@noble/hashes/sha2'
import { ArkReader, arkVector, targetBytes } from './canonical'
import { pointOfRound } from './round-point'

const { G1, G2 } = bls12_381
const { Fr } = bls12_381.fields

const POINT_BYTES = 96
const KEY_BYTES = 32
const TAG_BYTES = 16
const NONCE_BYTES = 12
const CIPHER_SUITE = Buffer.from('AES_GCM_')

type G2Point = InstanceType<typeof G2.ProjectivePoint>

/**
 * Timelock encryption to a round of the beacon: only the round's signature opens it. A fresh AES key seals the text, and
 * identity-based encryption (Boneh–Franklin FullIdent over BLS12-381) seals the key. Bytes and hashes are those of the
 * `tle` crate that Subtensor and its Python client use (github.com/ideal-lab5/tle, `ibe/fullident.rs`, `tlock.rs`), so
 * that either side opens what the other locked, for a beacon whose signatures it has.
 * @param entropy at least 32 bytes; the same entropy gives the same ciphertext
 */
export function lock(
  plaintext: Uint8Array,
  round: bigint,
  publicKey: G2Point,
  entropy: Uint8Array,
): Uint8Array {
  const from = (label: string) => sha256(Buffer.concat([Buffer.from(label), entropy]))
  const key = from('key')
  const sigma = from('sigma')
  const r = scalarOf(sigma, key)
  const u = G2.ProjectivePoint.BASE.multiply(r).toRawBytes(true)
  // e(Q, P)^r: times r on the side where that is cheap.
  const mask = sha256(targetBytes(bls12_381.pairing(pointOfRound(round).multiply(r), publicKey)))
  const nonce = from('nonce').subarray(0, NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  return Buffer.concat([
    u,
    arkVector(xor(sigma, mask)),
    arkVector(xor(key, sha256(sigma))),
    arkVector(Buffer.concat([arkVector(sealed), arkVector(nonce)])),
    arkVector(CIPHER_SUITE),
  ])
}

/** The plaintext, or undefined for bytes that do not open with this signature. */
export function unlock(ciphertext: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  try {
    const { u, v, w, sealed, nonce } = parts(ciphertext)
    const point = G2.ProjectivePoint.fromHex(u)
    const mask = sha256(targetBytes(bls12_381.pairing(G1.ProjectivePoint.fromHex(signature), point)))
    const sigma = xor(v, mask)
    const key = xor(w, sha256(sigma))
    if (!G2.ProjectivePoint.BASE.multiply(scalarOf(sigma, key)).equals(point)) return undefined
    const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
  } catch {
    // Not a point, or not sealed for this round: the chain drops such a commitment without a word.
    return undefined
  }
}

/** @throws Error for bytes that are no timelocked ciphertext */
function parts(ciphertext: Uint8Array) {
  const outer = new ArkReader(ciphertext)
  const u = outer.take(POINT_BYTES)
  const v = outer.vector()
  const w = outer.vector()
  const body = new ArkReader(outer.vector())
  const [sealed, nonce] = [body.vector(), body.vector()]
  outer.vector()
  if (v.length !== KEY_BYTES || w.length !== KEY_BYTES || nonce.length !== NONCE_BYTES) {
    throw new Error('lengths are not those of a timelocked ciphertext')
  }
  return { u, v, w, sealed, nonce }
}

/** `H3`: SHA-256 as a big-endian number modulo the group's order. */
const scalarOf = (sigma: Uint8Array, key: Uint8Array): bigint =>
  Fr.create(BigInt(`0x${Buffer.from(sha256(Buffer.concat([sigma, key]))).toString('hex')}`))

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ b[i]!)
