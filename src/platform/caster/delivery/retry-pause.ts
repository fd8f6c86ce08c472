const FIRST_RETRY_MS = 5_000
const RETRY_MAX_MS = 300_000

/** Pause after the n-th time a batch was sent in vain: it doubles up to five minutes. */
export const retryPauseMs = (attempt: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), RETRY_MAX_MS)
