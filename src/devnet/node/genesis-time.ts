/** `Timestamp` of block 0 unless told otherwise: 2026-01-01T00:00:00Z. */
export const GENESIS_TIME_MS = 1_767_225_600_000
