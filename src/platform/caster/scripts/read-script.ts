import type { Fault } from '../auth/faults'
import type { CasterRules } from '../rules'

const CHARS_PER_GROUP = 4
const BYTES_PER_GROUP = 3
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Characters of the longest script in base64: more are refused before anything is decoded. */
export const scriptMaxChars = (maxBytes: number): number =>
  CHARS_PER_GROUP * Math.ceil(maxBytes / BYTES_PER_GROUP)

const REASONS: Readonly<Record<string, string>> = {
  empty_script: 'The script is empty',
  script_too_large: 'The script is longer than allowed',
  not_utf8: 'The script is not UTF-8',
  sha_mismatch: 'sha256 is not that of the script',
}

export interface ReadScript {
  readonly bytes: Buffer
  readonly contentHash: string
  readonly sizeBytes: number
}

/** The bytes of a submitted script, or why they are none; duplicates are looked for in the command. */
export function readScriptBody(text: string, declaredSha256: string, rules: CasterRules): ReadScript | Fault {
  if (text.length > scriptMaxChars(rules.maxScriptBytes)) return fault('script_too_large', rules)
  const bytes = Buffer.from(text, 'base64')
  if (!BASE64.test(text) || bytes.toString('base64') !== text)
    return {
      status: 422,
      code: 'invalid_base64',
      reason: 'script_b64 is not base64 as RFC 4648 §4 writes it',
    }
  const checked = rules.checkScript(bytes, declaredSha256, () => false)
  return typeof checked === 'string' ? fault(checked, rules) : { bytes, ...checked }
}

function fault(code: string, { maxScriptBytes }: CasterRules): Fault {
  const status = code === 'script_too_large' ? 413 : 422
  return { status, code, reason: REASONS[code] ?? code, facts: { max_bytes: maxScriptBytes } }
}
