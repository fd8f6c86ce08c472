import { createHash } from 'node:crypto'
import { canonicalJson } from '../log/canonical-json'
import type { Blob } from '../platform/core/blobs'

/** Evidence as canonical JSON, kept by its hash: with 256 miners it is too long for an event. */
export function contentOf(evidence: unknown): Blob {
  const bytes = Buffer.from(canonicalJson(evidence))
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes }
}
