import { hash } from 'node:crypto'

/** A SHA-256 as 64 lower-case hex characters. Strings, because the buffers of Node cost more than the hashing. */
export type HexHash = string

export const HASH_BYTES = 32
export const HASH_HEX_CHARS = 64

/** Root of the tree without leaves (RFC 6962 §2.1). */
export const EMPTY_ROOT: HexHash = hash('sha256', '', 'hex')

const MAX_UTF8_BYTES_PER_CHAR = 3
/** Hashing from a buffer that is kept is twice as fast as from a joined string; nearly every event fits. */
let scratch = Buffer.alloc(65_536)

/** RFC 6962 §2.1: leaves and inner nodes are hashed with different first bytes. */
export function hashLeaf(text: string): HexHash {
  const room = 1 + text.length * MAX_UTF8_BYTES_PER_CHAR
  if (room > scratch.length) scratch = Buffer.alloc(room)
  const length = 1 + scratch.write(text, 1, 'utf8')
  return hash('sha256', scratch.subarray(0, length), 'hex')
}

const pair = Buffer.alloc(1 + 2 * HASH_BYTES)
pair[0] = 1

export function hashNode(left: HexHash, right: HexHash): HexHash {
  pair.write(left, 1, 'hex')
  pair.write(right, 1 + HASH_BYTES, 'hex')
  return hash('sha256', pair, 'hex')
}
