/** First words of a validator's notes that are a code, e.g. `artifact_sha256_mismatch: …`. */
const LEADING_CODE = /^([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?![a-z0-9_])/
const CODE = /^[a-z][a-z0-9_]{0,63}$/
const CODE_MAX_CHARS = 64

/** The stable reason of a result: as stated, or what the notes of public runners begin with; null when there is none. */
export function reasonCodeOf({
  reason_code,
  notes,
}: {
  readonly reason_code?: string
  readonly notes: string
}) {
  if (reason_code !== undefined && CODE.test(reason_code)) return reason_code
  const [, found] = LEADING_CODE.exec(notes) ?? []
  return found === undefined || found.length > CODE_MAX_CHARS ? null : found
}

/** What a replay says about the artifact's availability. */
export function artifactState(
  status: 'accepted' | 'rejected' | 'error',
  code: string | null,
): 'available' | 'unavailable' | 'mismatch' | null {
  if (status === 'accepted') return 'available'
  if (!code?.includes('artifact')) return null
  return /mismatch|sha256|hash|size|length/.test(code) ? 'mismatch' : 'unavailable'
}
