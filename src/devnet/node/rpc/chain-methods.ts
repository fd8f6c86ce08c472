import { RawJson } from '../../../rpc/raw-json'
import type { Block } from '../block'
import { shown } from '../faults'
import { invalidParams, type Methods, type RpcContext, text } from './method'

const headerJson = (block: Block): string => JSON.stringify(block.header)

/** Extrinsics are hex: nothing to escape, and much faster than a general stringify. */
function blockJson(block: Block): string {
  const extrinsics = block.extrinsics.length > 0 ? `"${block.extrinsics.join('","')}"` : ''
  return `{"block":{"header":${headerJson(block)},"extrinsics":[${extrinsics}]},"justifications":null}`
}

export function chainMethods(context: RpcContext): Methods {
  const { node, faults } = context
  const { chain } = node
  const find = (at: unknown): Block | undefined =>
    at === undefined || at === null ? chain.head : chain.get(text(at, 'block hash'))
  const hashAt = (height: unknown): string | null => {
    const wanted = heightOf(height)
    const lies = faults.lies.get(wanted) === 'wrong-block'
    return chain.at(lies ? wanted - 1 : wanted)?.hash ?? null
  }

  const getBlockHash = ([height]: readonly unknown[]) => {
    if (height === undefined || height === null) return chain.head.hash
    return Array.isArray(height) ? height.map(hashAt) : hashAt(height)
  }
  const getHeader = ([at]: readonly unknown[]) => {
    const block = find(at)
    return block ? new RawJson(headerJson(shown(faults, block))) : null
  }
  const getBlock = ([at]: readonly unknown[]) => {
    const block = find(at)
    return block ? new RawJson(blockJson(shown(faults, block))) : null
  }
  const getFinalizedHead = () => chain.finalizedHead.hash
  return {
    chain_getBlockHash: getBlockHash,
    chain_getHead: getBlockHash,
    chain_getHeader: getHeader,
    chain_getBlock: getBlock,
    chain_getFinalizedHead: getFinalizedHead,
    chain_getFinalisedHead: getFinalizedHead,
    ...headSubscriptions(context),
  }
}

function headSubscriptions({ node, faults, subscriptions }: RpcContext): Methods {
  const { chain } = node
  const show = (block: Block) => new RawJson(headerJson(shown(faults, block)))
  const subscribe =
    (notification: string, on: typeof chain.onBest, head: () => Block): Methods[string] =>
    (_, session) =>
      subscriptions.open(
        session,
        notification,
        (notify) => on.call(chain, (block) => notify(show(block))),
        () => [show(head())],
      )
  const unsubscribe: Methods[string] = ([id]) => subscriptions.close(id)
  const newHeads = subscribe('chain_newHead', chain.onBest, () => chain.head)
  const allHeads = subscribe('chain_allHead', chain.onBest, () => chain.head)
  const finalizedHeads = subscribe('chain_finalizedHead', chain.onFinalized, () => chain.finalizedHead)
  return {
    chain_subscribeNewHeads: newHeads,
    chain_subscribeNewHead: newHeads,
    subscribe_newHead: newHeads,
    chain_unsubscribeNewHeads: unsubscribe,
    chain_unsubscribeNewHead: unsubscribe,
    unsubscribe_newHead: unsubscribe,
    chain_subscribeAllHeads: allHeads,
    chain_unsubscribeAllHeads: unsubscribe,
    chain_subscribeFinalizedHeads: finalizedHeads,
    chain_subscribeFinalisedHeads: finalizedHeads,
    chain_unsubscribeFinalizedHeads: unsubscribe,
    chain_unsubscribeFinalisedHeads: unsubscribe,
  }
}

/** A number, or a hex or decimal quantity, as nodes take it. */
function heightOf(value: unknown): number {
  const height = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(height) || height < 0) throw invalidParams('a block number must be a quantity')
  return height
}
