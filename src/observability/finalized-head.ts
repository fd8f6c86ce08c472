import { LedgerError } from '../errors/ledger-error'
import { callNode } from './node-call'

/** Pause between two looks at the node (ms): half a block. */
const POLL_INTERVAL_MS = 6_000
/** Longest time one look may take (ms). */
const POLL_TIMEOUT_MS = 4_000
/** A head seen longer ago than this says nothing about now (ms). */
const STALE_AFTER_MS = 30_000

export interface FinalizedHead {
  readonly height: number
  readonly hash: string
  /** Clock of this machine when it was seen (ms since the Unix epoch). */
  readonly seenAtMs: number
}

export type HeadSight = { readonly head: FinalizedHead } | { readonly problem: LedgerError }

export interface HeadWatch {
  /** What the node said last, or why nothing is known. Never waits. */
  sight(): HeadSight
  close(): Promise<void>
}

export interface HeadWatchOptions {
  readonly url: string
  readonly pollIntervalMs?: number
  readonly pollTimeoutMs?: number
  readonly onSight?: (sight: HeadSight) => void
}

/** Asks a node for its finalized head again and again; independent of the indexer and its connection. */
export async function watchFinalizedHead(options: HeadWatchOptions): Promise<HeadWatch> {
  const { url, pollIntervalMs = POLL_INTERVAL_MS, pollTimeoutMs = POLL_TIMEOUT_MS, onSight } = options
  let last: HeadSight = { problem: neverSeen() }
  let closed = false
  const look = async () => {
    last = await readFinalizedHead(url, pollTimeoutMs).then(
      (head): HeadSight => ({ head }),
      (problem): HeadSight => ({ problem: problem as LedgerError }),
    )
    if (!closed) onSight?.(last)
  }
  let running = look()
  const timer = setInterval(() => {
    running = running.then(look)
  }, pollIntervalMs)
  timer.unref()
  await running
  return {
    sight: () => ('head' in last && Date.now() - last.head.seenAtMs > STALE_AFTER_MS ? staleSight() : last),
    async close() {
      closed = true
      clearInterval(timer)
      await running
    },
  }
}

/** @throws LedgerError SL-NODE-UNREACHABLE, SL-NODE-REFUSED, SL-NODE-CONTRADICTS (a head without header or height). */
export async function readFinalizedHead(url: string, timeoutMs: number): Promise<FinalizedHead> {
  const hash = await callNode(url, { method: 'chain_getFinalizedHead', params: [] }, timeoutMs)
  const header = (await callNode(url, { method: 'chain_getHeader', params: [hash] }, timeoutMs)) as {
    number?: unknown
  } | null
  const height = Number(header?.number)
  if (typeof hash !== 'string' || !Number.isSafeInteger(height)) {
    throw new LedgerError(
      'SL-NODE-CONTRADICTS',
      'contradiction',
      'The node names a head that it cannot show.',
      {
        remedy: 'Use another node with --rpc.',
        facts: { hash: String(hash).slice(0, 80) },
      },
    )
  }
  return { height, hash, seenAtMs: Date.now() }
}

const neverSeen = () =>
  new LedgerError('SL-NODE-UNREACHABLE', 'retryable', 'The node has not been seen yet.', {
    remedy: 'Wait a moment.',
  })

const staleSight = (): HeadSight => ({
  problem: new LedgerError('SL-NODE-UNREACHABLE', 'retryable', 'The node has not been seen for a while.', {
    remedy: 'Check that the node runs.',
    facts: { longestSilenceMs: STALE_AFTER_MS },
  }),
})
