import type { RpcHandler } from '../../rpc/answer'
import { RpcError } from '../../rpc/rpc-error'
import type { RpcSession } from '../../rpc/server'
import type { RecordedBlock } from './recorded-block'

/** Blocks of one chain, all of them final, that can be asked for in any order. */
export interface ChainSource {
  readonly firstHeight: number
  /** Blocks above are not served yet. */
  headHeight: number
  block(height: number): RecordedBlock | undefined
  heightOf(hash: string): number | undefined
  /** Spec version after the block. */
  reportedSpec(height: number): number | undefined
  /** V14 metadata, 0x-prefixed hex. */
  metadata(spec: number): string | undefined
}

/** Storage key of System.Events: twox128("System") ++ twox128("Events"). */
export const SYSTEM_EVENTS_KEY = '0x26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7'

/** Code that polkadot-sdk answers for the state of an unknown block. */
const UNKNOWN_BLOCK = 4003
const METHOD_UNKNOWN = -32601
/** Code of "State not recorded". The text lacks " not found" on purpose: Subsquid would retry for ever. */
export const STATE_NOT_RECORDED = 4990

const RUNTIME_NAME = 'node-subtensor'

type Method = (params: readonly unknown[], session: RpcSession) => unknown

/** Answers what Subsquid's processor asks of a node, from blocks and events alone. */
export function createNodeHandler(source: ChainSource): { handle: RpcHandler; announceHead(): void } {
  const subscribers = new Map<string, { session: RpcSession; method: string }>()
  let subscriptions = 0

  const visible = (height: number): RecordedBlock | undefined =>
    height <= source.headHeight ? source.block(height) : undefined
  const head = (): RecordedBlock => source.block(source.headHeight)!
  const blockByHash = (hash: unknown): RecordedBlock | undefined =>
    hash === undefined || hash === null
      ? head()
      : visible(source.heightOf(String(hash)) ?? Number.POSITIVE_INFINITY)
  // A reader of the first block asks for the runtime of its ancestors: that of the first block, for all we know.
  const first = source.block(source.firstHeight)!
  const isAncestor = (hash: unknown): boolean => first.height > 0 && hash === first.header.parentHash
  const ancestorHeader = { ...first.header, number: `0x${Math.max(0, first.height - 1).toString(16)}` }
  const specAt = (hash: unknown): number =>
    isAncestor(hash) ? first.spec : source.reportedSpec(stateOf(hash).height)!
  const stateOf = (hash: unknown): RecordedBlock => {
    const block = blockByHash(hash)
    if (block) return block
    throw new RpcError(
      UNKNOWN_BLOCK,
      `Client error: UnknownBlock: Header was not found in the database: ${hash}`,
    )
  }
  const hashAt = (height: unknown): unknown =>
    Array.isArray(height) ? height.map(hashAt) : (visible(heightOf(height, source.headHeight))?.hash ?? null)

  const unrecorded: Method = ([key]) => {
    throw new RpcError(
      STATE_NOT_RECORDED,
      `State not recorded: this node holds blocks and their events only`,
      { key },
    )
  }
  const storage: Method = ([key, hash], session) => {
    const block = stateOf(hash)
    if (key === SYSTEM_EVENTS_KEY) return block.events
    return unrecorded([key], session)
  }
  const runtimeVersion: Method = ([hash]) => versionOf(specAt(hash))
  const subscribe =
    (method: string): Method =>
    (_params, session) => {
      if (session.transport === 'http') throw new RpcError(METHOD_UNKNOWN, 'Subscriptions need a WebSocket')
      subscriptions += 1
      const id = `s${subscriptions}`
      subscribers.set(id, { session, method })
      session.onClose(() => subscribers.delete(id))
      setImmediate(() => session.notify(method, id, head().header))
      return id
    }
  const unsubscribe: Method = ([id]) => subscribers.delete(String(id))

  const methods: Record<string, Method> = {
    chain_getHead: () => head().hash,
    chain_getFinalizedHead: () => head().hash,
    chain_getFinalisedHead: () => head().hash,
    chain_getBlockHash: ([height]) => hashAt(height),
    chain_getHeader: ([hash]) => (isAncestor(hash) ? ancestorHeader : (blockByHash(hash)?.header ?? null)),
    chain_getBlock: ([hash]) => blockAnswer(blockByHash(hash)),
    chain_subscribeNewHeads: subscribe('chain_newHead'),
    chain_subscribeNewHead: subscribe('chain_newHead'),
    chain_subscribeAllHeads: subscribe('chain_allHead'),
    chain_subscribeFinalizedHeads: subscribe('chain_finalizedHead'),
    chain_unsubscribeNewHeads: unsubscribe,
    chain_unsubscribeNewHead: unsubscribe,
    chain_unsubscribeAllHeads: unsubscribe,
    chain_unsubscribeFinalizedHeads: unsubscribe,
    state_getRuntimeVersion: runtimeVersion,
    chain_getRuntimeVersion: runtimeVersion,
    state_getMetadata: ([hash]) => source.metadata(specAt(hash)) ?? null,
    state_getStorage: storage,
    state_getStorageAt: storage,
    state_getStorageHash: unrecorded,
    state_getStorageSize: unrecorded,
    state_queryStorageAt: unrecorded,
    state_getKeysPaged: unrecorded,
    state_getKeysPagedAt: unrecorded,
    state_getPairs: unrecorded,
    state_call: unrecorded,
    system_chain: () => 'Recording',
    system_name: () => 'subledger-recording',
    system_version: () => '1',
    system_properties: () => ({ ss58Format: 42, tokenDecimals: 9, tokenSymbol: 'TAO' }),
    system_health: () => ({ peers: 0, isSyncing: false, shouldHavePeers: false }),
    rpc_methods: () => ({ methods: Object.keys(methods) }),
  }
  return {
    handle({ method, params }, session) {
      const answer = Object.hasOwn(methods, method) ? methods[method] : undefined
      if (answer === undefined) throw new RpcError(METHOD_UNKNOWN, `Method not served: ${method}`)
      return answer(params, session)
    },
    announceHead() {
      const { header } = head()
      for (const [id, { session, method }] of subscribers) session.notify(method, id, header)
    },
  }
}

function blockAnswer(block: RecordedBlock | undefined): unknown {
  return block
    ? { block: { header: block.header, extrinsics: block.extrinsics }, justifications: null }
    : null
}

/** A height as nodes take it: a number, a decimal or hex string, or nothing for the head. */
function heightOf(value: unknown, headHeight: number): number {
  if (value === undefined || value === null) return headHeight
  const height = typeof value === 'number' ? value : Number(value)
  return Number.isSafeInteger(height) && height >= 0 ? height : Number.POSITIVE_INFINITY
}

function versionOf(specVersion: number): unknown {
  return {
    specName: RUNTIME_NAME,
    implName: RUNTIME_NAME,
    authoringVersion: 1,
    specVersion,
    implVersion: 1,
    apis: [],
    transactionVersion: 1,
    stateVersion: 1,
  }
}
