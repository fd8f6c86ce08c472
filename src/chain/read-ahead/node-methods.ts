import { LedgerError } from '../../errors/ledger-error'
import type { RpcHandler } from '../../rpc/answer'
import { RawJson } from '../../rpc/raw-json'
import { RpcError } from '../../rpc/rpc-error'
import { SYSTEM_EVENTS_KEY } from '../recording/node-handler'
import type { BlockCache } from './block-cache'
import type { FinalizedHead } from './finalized-head'
import type { HeadSubscribers } from './head-subscribers'
import type { Prefetcher } from './prefetcher'
import type { NodeBlock, RawBlock } from './raw-block'
import type { Runtimes } from './runtimes'
import type { Upstream } from './upstream'
import type { Window } from './window'

export interface ReadAheadParts {
  readonly upstream: Upstream
  readonly window: Window
  readonly runtimes: Runtimes
  readonly head: FinalizedHead
  readonly heads: HeadSubscribers
  readonly prefetcher: Prefetcher
  readonly cache: BlockCache | undefined
  readonly genesisHash: string
  failure(): LedgerError | undefined
  fail(error: unknown): void
}

/** Code of an answer that fails for a reason of our own; the text starts with the stable `SL-…` code. */
export const READ_AHEAD_FAILED = 4995

/** Where a question about state names its block; its answer at a finalized block never changes. */
const BLOCK_PARAMETER: Readonly<Record<string, number>> = {
  state_getStorage: 1,
  state_getStorageAt: 1,
  state_getStorageHash: 1,
  state_getStorageSize: 1,
  state_queryStorageAt: 1,
  state_getKeysPaged: 3,
  state_getKeysPagedAt: 3,
  state_call: 2,
}

/** The node's methods: blocks and events from memory, state through the cache, the rest from the node. */
export function createReadAheadHandler(parts: ReadAheadParts): RpcHandler {
  const { upstream, window, runtimes, head, heads, prefetcher, cache, genesisHash } = parts

  const pass = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    try {
      return await upstream.call(method, [...params])
    } catch (error) {
      throw toRpcError(error)
    }
  }
  /** Answers from the block, at once if it is in memory; from the node when it is not ours to know. */
  const withBlock = (
    height: number | undefined,
    answer: (block: RawBlock) => unknown,
    otherwise: () => unknown,
  ): unknown => {
    if (height === undefined) return otherwise()
    const loaded = window.block(height)
    prefetcher.moveTo(height)
    if (loaded) return answer(loaded)
    return prefetcher.demand(height).then(
      (block) => (block ? answer(block) : otherwise()),
      (error) => {
        if (isContradiction(error)) parts.fail(error)
        else if (isLacking(error)) return otherwise()
        throw toRpcError(error)
      },
    )
  }
  const heightOf = (hash: unknown): number | undefined =>
    hash === head.current?.hash ? head.current?.height : window.heightOf(String(hash))
  const hashAt = (value: unknown, params: readonly unknown[]): unknown => {
    if (Array.isArray(value)) return Promise.all(value.map((it) => hashAt(it, [it])))
    const height = toHeight(value)
    if (height === 0) return genesisHash
    const isFinal = height !== undefined && height <= (head.current?.height ?? -1)
    return withBlock(
      isFinal ? height : undefined,
      (block) => block.hash,
      () => pass('chain_getBlockHash', params),
    )
  }
  const state = async (method: string, params: readonly unknown[], hash: unknown): Promise<unknown> => {
    const height = typeof hash === 'string' ? heightOf(hash) : undefined
    if (cache === undefined || height === undefined) return pass(method, params)
    const question = JSON.stringify([method, params])
    const cached = await cache.readAnswer(question)
    if (cached !== undefined) return new RawJson(cached)
    const result = await pass(method, params)
    await cache.writeAnswer(question, JSON.stringify(result ?? null))
    return result
  }

  return ({ method, params }, session) => {
    const failure = parts.failure()
    if (failure) throw toRpcError(failure)
    const hash = params[0]
    switch (method) {
      case 'chain_getFinalizedHead':
      case 'chain_getFinalisedHead':
        return head.current!.hash
      case 'chain_getBlockHash':
        return params.length === 0 ? pass(method, params) : hashAt(hash, params)
      case 'chain_getBlock':
        return withBlock(
          heightOf(hash),
          (block) => new RawJson(block.blockText),
          () => pass(method, params),
        )
      case 'chain_getHeader':
        if (hash === head.current?.hash && head.current?.header) return head.current.header
        return withBlock(
          heightOf(hash),
          (block) => (JSON.parse(block.blockText) as NodeBlock).block.header,
          () => pass(method, params),
        )
      case 'state_getRuntimeVersion':
      case 'chain_getRuntimeVersion':
        return withBlock(
          heightOf(hash),
          (block) => new RawJson(runtimes.versionText(block.runtimeId)!),
          () => pass(method, params),
        )
      case 'state_getMetadata':
        return withBlock(
          heightOf(hash),
          (block) => runtimes.metadataText(block.runtimeId, block.hash).then((text) => new RawJson(text)),
          () => pass(method, params),
        )
      case 'chain_subscribeFinalizedHeads':
        return heads.subscribe(session)
      case 'chain_unsubscribeFinalizedHeads':
        return heads.unsubscribe(String(hash))
    }
    if (method.includes('_subscribe')) {
      throw new RpcError(
        -32601,
        `The read-ahead serves finalized blocks only: use ${method} at the node itself`,
      )
    }
    const blockParameter = Object.hasOwn(BLOCK_PARAMETER, method) ? BLOCK_PARAMETER[method] : undefined
    if (blockParameter === undefined) return pass(method, params)
    const at = params[blockParameter]
    if (hash === SYSTEM_EVENTS_KEY && blockParameter === 1) {
      return withBlock(
        heightOf(at),
        (block) => new RawJson(block.eventsText),
        () => pass(method, params),
      )
    }
    return state(method, params, at)
  }
}

function toHeight(value: unknown): number | undefined {
  const height = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isSafeInteger(height) && height >= 0 ? height : undefined
}

const isContradiction = (error: unknown): boolean =>
  error instanceof LedgerError && error.kind === 'contradiction'

/** What this node cannot give: then it says so itself, in its own words. */
const isLacking = (error: unknown): boolean =>
  error instanceof LedgerError && (error.code === 'SL-NODE-PRUNED' || error.code === 'SL-NODE-INCOMPLETE')

function toRpcError(error: unknown): RpcError {
  if (error instanceof LedgerError) {
    return new RpcError(READ_AHEAD_FAILED, `${error.code}: ${error.message}`, { facts: error.facts })
  }
  const { code, message, data } = error as { code?: unknown; message?: string; data?: unknown }
  return new RpcError(typeof code === 'number' ? code : -32603, message ?? String(error), data)
}
