export interface ReadAheadLimits {
  /** Memory for blocks: on their way, fetched ahead, or just served. At least two ranges are kept at any size. */
  readonly maxMemoryBytes: number
  /** Disk space for cached blocks; 0 keeps none. When it is full, caching stops and serving goes on. */
  readonly maxCacheBytes: number
  /** Ranges of blocks fetched at once. Starts low and grows while the reader has to wait. */
  readonly maxRangesInFlight: number
  /** Calls to the node at once. A batch is one call. */
  readonly maxConcurrentCalls: number
  /** Calls in one batch. Public nodes refuse long ones. */
  readonly maxBatchCalls: number
  /** Bytes that the answer to one batch should stay under; nodes cut answers at about 15 MB. */
  readonly targetBatchBytes: number
  /** Calls a second to the node, batched ones counted each; undefined: as many as it takes. */
  readonly maxCallsPerSecond?: number
  /** Longest wait for one answer of the node (ms); then the connection is made anew and the call repeated. */
  readonly requestTimeoutMs: number
  /** Longest wait for the node at the start (ms); then the disk cache alone serves, if it can. */
  readonly startTimeoutMs: number
  /** A node that has not answered for so long is told of, and waited for (ms). */
  readonly silenceToldMs: number
  /** Pause between questions for the finalized head (ms). */
  readonly headPollMs: number
  /** How often a finalized block that the node lacks is asked for again, and the pause between (ms). */
  readonly maxMissingBlockAttempts: number
  readonly missingBlockPauseMs: number
  /** Shortest time between two writes of the growing range at the head (ms). */
  readonly tailWriteIntervalMs: number
}

export const DEFAULT_READ_AHEAD_LIMITS: ReadAheadLimits = {
  maxMemoryBytes: 64 * 1024 * 1024,
  maxCacheBytes: 4096 * 1024 * 1024,
  maxRangesInFlight: 16,
  maxConcurrentCalls: 32,
  maxBatchCalls: 100,
  targetBatchBytes: 2 * 1024 * 1024,
  requestTimeoutMs: 30_000,
  startTimeoutMs: 10_000,
  silenceToldMs: 20_000,
  headPollMs: 500,
  maxMissingBlockAttempts: 20,
  missingBlockPauseMs: 500,
  tailWriteIntervalMs: 2_000,
}

/** Blocks are fetched, kept, cached and dropped in aligned ranges of this many. */
export const RANGE_BLOCKS = 32
