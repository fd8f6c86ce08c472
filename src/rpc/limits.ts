/** What one client may ask for at once; beyond it the server answers a JSON-RPC error or cuts the connection. */
export interface RpcLimits {
  /** Bytes of one HTTP body or one WebSocket message. */
  readonly maxRequestBytes: number
  /** Calls in one batch. */
  readonly maxBatchCalls: number
  /** WebSocket connections open at once. */
  readonly maxConnections: number
  /** Bytes waiting to be sent to a client that does not read; beyond it the connection is cut. */
  readonly maxUnsentBytes: number
}

export const DEFAULT_RPC_LIMITS: RpcLimits = {
  maxRequestBytes: 16 * 1024 * 1024,
  maxBatchCalls: 5_000,
  maxConnections: 1_000,
  maxUnsentBytes: 256 * 1024 * 1024,
}
