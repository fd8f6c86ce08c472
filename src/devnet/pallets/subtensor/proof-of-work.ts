import { hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { keccak256AsU8a, sha256AsU8a } from '@polkadot/util-crypto'

const NONCE_BYTES = 8
const UINT256 = 1n << 256n

/**
 * What a miner of work looks for: `keccak256(sha256(nonce, 8 bytes little-endian ++ keccak256(block hash ++ hotkey)))`.
 * Public source: `create_seal_hash` in `pallets/subtensor/src/subnets/registration.rs`.
 */
export function sealHash(blockHash: string, nonce: bigint, hotkey: string): string {
  const bound = keccak256AsU8a(u8aConcat(hexToU8a(blockHash), hexToU8a(hotkey)))
  const nonceBytes = Buffer.alloc(NONCE_BYTES)
  nonceBytes.writeBigUInt64LE(nonce)
  return u8aToHex(keccak256AsU8a(sha256AsU8a(u8aConcat(nonceBytes, bound))))
}

/** A hash that is small enough: times the difficulty it still fits into 256 bits. */
export const meetsDifficulty = (hash: string, difficulty: bigint): boolean =>
  BigInt(hash) * difficulty < UINT256

/** The first nonce, counted from zero, whose seal meets the difficulty. */
export function solve(
  blockHash: string,
  hotkey: string,
  difficulty: bigint,
): { readonly nonce: bigint; readonly work: string } {
  for (let nonce = 0n; ; nonce++) {
    const work = sealHash(blockHash, nonce, hotkey)
    if (meetsDifficulty(work, difficulty)) return { nonce, work }
  }
}
