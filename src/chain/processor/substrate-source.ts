import type { RpcClient } from '@subsquid/rpc-client'
import { type Block, SubstrateBatchProcessor } from '@subsquid/substrate-processor'
import { callHandlers, wantedEvents } from '../decode/decode-block'
import { type FinalDataSource, type HotDataSource, interruptible } from './subsquid-internals'

export interface SourceOptions {
  /** Node or read-ahead, ws(s) or http(s). */
  readonly rpcUrl: string
  /** SQD gateway for old blocks; the node serves the rest. */
  readonly gatewayUrl?: string
  readonly fromHeight: number
  readonly toHeight?: number
  /** Pause between questions for the finalized head (ms). */
  readonly headPollMs?: number
}

const HEAD_POLL_MS = 500
const NEW_HEAD_TIMEOUT_MS = 60_000
const REQUEST_TIMEOUT_MS = 60_000
const RPC_CAPACITY_CALLS = 20
const MAX_BATCH_CALLS = 100

/** What is asked of each event and call; anything more costs decoding time for every block. */
const FIELDS = {
  block: { timestamp: true },
  event: { name: true, args: true, phase: true },
  call: { name: true, args: true, origin: true, success: true },
} as const

export type SourceBlock = Block<typeof FIELDS>

/** What the processor keeps to itself: its own `run` takes over the whole process and ends it. */
interface Internals {
  getBatchRequests(): never[]
  getRpcDataSource(): HotDataSource
  getArchiveDataSource(): FinalDataSource
  getChainRpcClient(): RpcClient
}

/** Subsquid's processor as configured for the ledger, taken apart so that it can be stopped. */
export interface SubstrateSource {
  readonly requests: never[]
  readonly node: HotDataSource
  readonly gateway: FinalDataSource | undefined
  /** Ends the connections; requests that are under way fail. */
  close(): void
}

export function createSource(options: SourceOptions): SubstrateSource {
  const { fromHeight: from, toHeight: to } = options
  const processor = new SubstrateBatchProcessor()
    .setRpcEndpoint({
      url: options.rpcUrl,
      capacity: RPC_CAPACITY_CALLS,
      maxBatchCallSize: MAX_BATCH_CALLS,
      requestTimeout: REQUEST_TIMEOUT_MS,
    })
    .setRpcDataIngestionSettings({
      headPollInterval: options.headPollMs ?? HEAD_POLL_MS,
      newHeadTimeout: NEW_HEAD_TIMEOUT_MS,
    })
    .setFields(FIELDS)
    // Every block, or a gap could not be told from a quiet stretch.
    .includeAllBlocks({ from })
    .setBlockRange(to === undefined ? { from } : { from, to })
    .addEvent({ name: [...wantedEvents], call: true })
    .addCall({ name: Object.keys(callHandlers) })
  if (options.gatewayUrl) processor.setGateway(options.gatewayUrl)
  const internals = processor as unknown as Internals
  const clients: RpcClient[] = []
  const connect = internals.getChainRpcClient.bind(processor)
  internals.getChainRpcClient = () => {
    const client = connect()
    clients.push(client)
    return client
  }
  const closing = new AbortController()
  return {
    requests: internals.getBatchRequests(),
    node: internals.getRpcDataSource(),
    gateway: options.gatewayUrl ? interruptible(internals.getArchiveDataSource(), closing.signal) : undefined,
    close: () => {
      closing.abort()
      for (const client of clients) client.close()
    },
  }
}
