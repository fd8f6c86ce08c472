import { createHash } from 'node:crypto'
import { canonicalJson } from '../log/canonical-json'

/** A value as JSON has it: no undefined, no functions. */
export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** SHA-256 over the canonical JSON (RFC 8785) of a plain value. */
export function digestOf(value: unknown): `0x${string}` {
  return `0x${createHash('sha256').update(canonicalJson(value)).digest('hex')}`
}
