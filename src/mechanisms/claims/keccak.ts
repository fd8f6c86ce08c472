import { keccakP } from '@noble/hashes/sha3'

/** Keccak-256: rate 1088 bits, so a block is 136 bytes; the state is 200 bytes. */
const BLOCK_BYTES = 136
const STATE_BYTES = 200
export const HASH_BYTES = 32

/** One state for all calls: everything here is synchronous, and a fresh one per hash would cost more than the hash. */
const words = new Uint32Array(STATE_BYTES / 4)
const state = new Uint8Array(words.buffer)

/**
 * Keccak-256 (as Ethereum uses it) of `input[from, to)` into `out` at `at`. The permutation is the library's; the sponge is ours
 * because a tree of a million leaves must not allocate a hasher for each.
 */
export function keccakInto(input: Uint8Array, from: number, to: number, out: Uint8Array, at: number): void {
  words.fill(0)
  let position = from
  for (; position + BLOCK_BYTES <= to; position += BLOCK_BYTES) {
    for (let i = 0; i < BLOCK_BYTES; i++) state[i]! ^= input[position + i]!
    keccakP(words)
  }
  const rest = to - position
  for (let i = 0; i < rest; i++) state[i]! ^= input[position + i]!
  state[rest]! ^= 0x01
  state[BLOCK_BYTES - 1]! ^= 0x80
  keccakP(words)
  for (let i = 0; i < HASH_BYTES; i++) out[at + i] = state[i]!
}

/** Keccak-256 of bytes. */
export function keccak256(input: Uint8Array): Uint8Array {
  const out = new Uint8Array(HASH_BYTES)
  keccakInto(input, 0, input.length, out, 0)
  return out
}
