import { hash } from 'node:crypto'

export const HASH_BYTES = 32

/** Root of the tree without leaves (RFC 6962 §2.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer')

/** RFC 6962 §2.1: leaves and inner nodes are hashed with different first bytes. */
export function hashLeaf(text: string): Buffer {
  return hash('sha256', `\u0000${text}`, 'buffer')
}

const pair = Buffer.alloc(1 + 2 * HASH_BYTES)
pair[0] = 1

export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1)
  pair.set(right, 1 + HASH_BYTES)
  return hash('sha256', pair, 'buffer')
}
