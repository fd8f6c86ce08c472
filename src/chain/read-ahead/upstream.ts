import { RpcClient } from '@subsquid/rpc-client'
import type { ReadAheadLimits } from './limits'
import { nodeUnreachable } from './read-ahead-error'

export interface UpstreamCall {
  readonly method: string
  readonly params: unknown[]
}

/** Pauses before a lost connection is made anew (ms); the last one repeats. */
const RECONNECT_PAUSES_MS = [100, 500, 2_000, 5_000]

/** A node, behind Subsquid's RPC client: batches, reconnects, and repeats what a lost connection swallowed. */
export class Upstream {
  /** Without credentials. */
  readonly url: string
  private readonly client: RpcClient
  private averageCallBytes = 2_048

  constructor(
    url: string,
    private readonly limits: ReadAheadLimits,
  ) {
    this.client = new RpcClient({
      url,
      capacity: limits.maxConcurrentCalls,
      rateLimit: limits.maxCallsPerSecond,
      requestTimeout: limits.requestTimeoutMs,
      retryAttempts: Number.MAX_SAFE_INTEGER,
      retrySchedule: RECONNECT_PAUSES_MS,
      maxBatchCallSize: limits.maxBatchCalls,
      log: null,
    })
    this.url = this.client.url
  }

  // biome-ignore lint/suspicious/noExplicitAny: the answer's shape is the caller's knowledge
  call(method: string, params: unknown[] = []): Promise<any> {
    return this.client.call(method, params)
  }

  /** Answers in the order of the calls; rejects when one of them is an error. */
  // biome-ignore lint/suspicious/noExplicitAny: the answers' shape is the caller's knowledge
  async batch(calls: UpstreamCall[]): Promise<any[]> {
    const size = this.callsPerBatch()
    const parts: Promise<unknown[]>[] = []
    for (let start = 0; start < calls.length; start += size) {
      parts.push(this.client.batchCall(calls.slice(start, start + size)))
    }
    return (await Promise.all(parts)).flat()
  }

  /** Tells how long answers are, so that the next batches keep their size. */
  observe(calls: number, bytes: number): void {
    if (calls > 0) this.averageCallBytes = 0.75 * this.averageCallBytes + 0.25 * (bytes / calls)
  }

  get connectionErrors(): number {
    return this.client.getMetrics().connectionErrors
  }

  get requests(): number {
    return this.client.getMetrics().requestsServed
  }

  /** @throws LedgerError SL-NODE-UNREACHABLE when there is no answer within `timeoutMs` */
  async probe(method: string, params: unknown[], timeoutMs: number): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(nodeUnreachable(this.url)), timeoutMs)
    })
    try {
      return await Promise.race([this.call(method, params), timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  close(): void {
    this.client.close()
  }

  private callsPerBatch(): number {
    const fitting = Math.floor(this.limits.targetBatchBytes / this.averageCallBytes)
    return Math.max(1, Math.min(this.limits.maxBatchCalls, fitting))
  }
}
