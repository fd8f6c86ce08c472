import { RpcError } from '../../../rpc/rpc-error'
import type { RpcSession } from '../../../rpc/server'
import type { Block } from '../block'
import type { Faults } from '../faults'
import type { DevnetNode } from '../node'
import type { Subscriptions } from './subscriptions'

export interface RpcContext {
  readonly node: DevnetNode
  readonly faults: Faults
  readonly subscriptions: Subscriptions
}

export type Method = (params: readonly unknown[], session: RpcSession) => unknown
export type Methods = Readonly<Record<string, Method>>

const INVALID_PARAMS = -32602
/** What a node answers for a block or state that it does not have. */
const UNKNOWN_BLOCK = 4003

export function invalidParams(detail: string): RpcError {
  return new RpcError(INVALID_PARAMS, `Invalid params: ${detail}`)
}

export function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidParams(`${name} must be a string`)
  return value
}

export function hexBytes(value: unknown, name: string): string {
  const hex = text(value, name)
  if (!/^0x([0-9a-fA-F]{2})*$/.test(hex)) throw invalidParams(`${name} must be 0x and hex digits`)
  return hex.toLowerCase()
}

/** The block that `at` names; the head when it is absent. */
export function blockAt({ node }: RpcContext, at: unknown): Block {
  if (at === undefined || at === null) return node.chain.head
  const hash = text(at, 'block hash')
  const block = node.chain.get(hash)
  if (block) return block
  throw new RpcError(
    UNKNOWN_BLOCK,
    `Client error: UnknownBlock: Header was not found in the database: ${hash}`,
  )
}

/** As `blockAt`, where the state after it is needed: a pruned node has it for late blocks only. */
export function stateAt(context: RpcContext, at: unknown): Block {
  const block = blockAt(context, at)
  if (block.height < context.faults.prunedBelowHeight) {
    throw new RpcError(UNKNOWN_BLOCK, `Client error: UnknownBlock: State already discarded for ${block.hash}`)
  }
  return block
}
