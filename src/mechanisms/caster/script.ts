import { sha256Hex } from '../sha256-hex'

/** Largest script, bytes (spec caster §2.3). */
export const MAX_SCRIPT_BYTES = 256_000

export type ScriptFault =
  | 'empty_script'
  | 'script_too_large'
  | 'not_utf8'
  | 'sha_mismatch'
  | 'duplicate_script'

/** A script that may be stored, or why not: one UTF-8 file, its hash as declared, no exact duplicate of any other (global). */
export function checkScript(
  bytes: Uint8Array,
  declaredSha256: string,
  isKnown: (sha256: string) => boolean,
): { readonly contentHash: string; readonly sizeBytes: number } | ScriptFault {
  if (bytes.length === 0) return 'empty_script'
  if (bytes.length > MAX_SCRIPT_BYTES) return 'script_too_large'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return 'not_utf8'
  }
  const contentHash = sha256Hex(bytes)
  if (declaredSha256.toLowerCase() !== contentHash) return 'sha_mismatch'
  return isKnown(contentHash) ? 'duplicate_script' : { contentHash, sizeBytes: bytes.length }
}
