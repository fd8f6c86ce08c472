import { hexToU8a } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import { RawJson } from '../../../rpc/raw-json'
import type { Block } from '../block'
import { withoutLastEvent } from '../events-lie'
import { shownEvents } from '../faults'
import { runtimeSpec } from '../runtime-spec'
import { hexBytes, invalidParams, type Methods, type RpcContext, stateAt } from './method'

const MAX_KEYS_PER_PAGE = 1_000
const MAX_QUERY_KEYS = 10_000
const MAX_QUERY_BLOCKS = 10_000
/** Keys that an answer without pages may list. */
const MAX_LISTED_KEYS = 200_000

export class StateReader {
  constructor(private readonly context: RpcContext) {}

  /** Value of a raw key after a block. Events are kept with the block, not in the state's history. */
  value(block: Block, key: string): string | null {
    if (key === eventsKey(block)) {
      return shownEvents(this.context.faults, block, (events) => withoutLastEvent(block, events))
    }
    return this.context.node.chain.storageAt(block, key)
  }

  *keys(block: Block, prefix: string, after?: string): Generator<string> {
    yield* this.context.node.chain.keysAt(block, prefix, after)
  }
}

const eventsKey = (block: Block) => runtimeSpec(block.specVersion).codec.key('System.Events', [])

export function stateMethods(context: RpcContext): Methods {
  const reader = new StateReader(context)
  const metadata = new Map<number, RawJson>()
  const getMetadata: Methods[string] = ([at]) => {
    const { nextSpecVersion } = stateAt(context, at)
    let json = metadata.get(nextSpecVersion)
    if (!json) {
      json = new RawJson(`"${runtimeSpec(nextSpecVersion).metadata}"`)
      metadata.set(nextSpecVersion, json)
    }
    return json
  }
  const getRuntimeVersion: Methods[string] = ([at]) =>
    new RawJson(runtimeSpec(stateAt(context, at).nextSpecVersion).versionJson)
  return {
    state_getMetadata: getMetadata,
    state_getRuntimeVersion: getRuntimeVersion,
    chain_getRuntimeVersion: getRuntimeVersion,
    ...valueMethods(context, reader),
    ...keyMethods(context, reader),
    ...stateSubscriptions(context, reader),
  }
}

function valueMethods(context: RpcContext, reader: StateReader): Methods {
  const getStorage: Methods[string] = ([key, at]) => {
    const value = reader.value(stateAt(context, at), hexBytes(key, 'key'))
    return value === null ? null : new RawJson(`"${value}"`)
  }
  const getHash: Methods[string] = ([key, at]) => {
    const value = reader.value(stateAt(context, at), hexBytes(key, 'key'))
    return value === null ? null : blake2AsHex(hexToU8a(value), 256)
  }
  const getSize: Methods[string] = ([key, at]) => {
    const value = reader.value(stateAt(context, at), hexBytes(key, 'key'))
    return value === null ? null : (value.length - 2) / 2
  }
  const changeSet = (block: Block, keys: readonly string[]) => ({
    block: block.hash,
    changes: keys.map((key) => [key, reader.value(block, key)]),
  })
  return {
    state_getStorage: getStorage,
    state_getStorageAt: getStorage,
    state_getStorageHash: getHash,
    state_getStorageHashAt: getHash,
    state_getStorageSize: getSize,
    state_getStorageSizeAt: getSize,
    state_queryStorageAt: ([keys, at]) => [changeSet(stateAt(context, at), keyList(keys))],
    state_queryStorage: ([keys, from, to]) => {
      const wanted = keyList(keys)
      const first = stateAt(context, from)
      const last = stateAt(context, to)
      if (last.height - first.height > MAX_QUERY_BLOCKS) {
        throw invalidParams(`a query may span ${MAX_QUERY_BLOCKS} blocks`)
      }
      const sets = [changeSet(first, wanted)]
      for (let height = first.height + 1; height <= last.height; height++) {
        const block = context.node.chain.at(height)!
        const parent = context.node.chain.at(height - 1)!
        const changed = wanted.filter((key) => reader.value(block, key) !== reader.value(parent, key))
        if (changed.length > 0) sets.push(changeSet(block, changed))
      }
      return sets
    },
  }
}

function keyMethods(context: RpcContext, reader: StateReader): Methods {
  const getKeysPaged: Methods[string] = ([prefix, count, start, at]) => {
    const limit = Number(count)
    if (!Number.isSafeInteger(limit) || limit < 0 || limit > MAX_KEYS_PER_PAGE) {
      throw invalidParams(`a page may hold ${MAX_KEYS_PER_PAGE} keys`)
    }
    const after = start === undefined || start === null ? undefined : hexBytes(start, 'start key')
    const page: string[] = []
    if (limit === 0) return page
    for (const key of reader.keys(stateAt(context, at), prefixOf(prefix), after)) {
      page.push(key)
      if (page.length === limit) break
    }
    return page
  }
  const list = (block: Block, prefix: unknown): string[] => {
    const keys: string[] = []
    for (const key of reader.keys(block, prefixOf(prefix))) {
      if (keys.push(key) > MAX_LISTED_KEYS) {
        throw invalidParams(`more than ${MAX_LISTED_KEYS} keys: read them by pages`)
      }
    }
    return keys
  }
  const getKeys: Methods[string] = ([prefix, at]) => list(stateAt(context, at), prefix)
  const getPairs: Methods[string] = ([prefix, at]) => {
    const block = stateAt(context, at)
    return list(block, prefix).map((key) => [key, reader.value(block, key)])
  }
  return {
    state_getKeysPaged: getKeysPaged,
    state_getKeysPagedAt: getKeysPaged,
    state_getKeys: getKeys,
    state_getPairs: getPairs,
  }
}

function stateSubscriptions(context: RpcContext, reader: StateReader): Methods {
  const { chain } = context.node
  const unsubscribe: Methods[string] = ([id]) => context.subscriptions.close(id)
  const subscribeVersion: Methods[string] = (_, session) => {
    const versionOf = (block: Block) => new RawJson(runtimeSpec(block.nextSpecVersion).versionJson)
    let known = chain.head.nextSpecVersion
    return context.subscriptions.open(
      session,
      'state_runtimeVersion',
      (notify) =>
        chain.onBest((block) => {
          if (block.nextSpecVersion === known) return
          known = block.nextSpecVersion
          notify(versionOf(block))
        }),
      () => [versionOf(chain.head)],
    )
  }
  const subscribeStorage: Methods[string] = ([keys], session) => {
    const wanted = keyList(keys)
    const known = new Map(wanted.map((key) => [key, reader.value(chain.head, key)]))
    const first = { block: chain.head.hash, changes: [...known] }
    return context.subscriptions.open(
      session,
      'state_storage',
      (notify) =>
        chain.onBest((block) => {
          const changes = wanted
            .map((key) => [key, reader.value(block, key)] as const)
            .filter(([key, value]) => known.get(key) !== value)
          for (const [key, value] of changes) known.set(key, value)
          if (changes.length > 0) notify({ block: block.hash, changes })
        }),
      () => [first],
    )
  }
  return {
    state_subscribeRuntimeVersion: subscribeVersion,
    chain_subscribeRuntimeVersion: subscribeVersion,
    state_unsubscribeRuntimeVersion: unsubscribe,
    chain_unsubscribeRuntimeVersion: unsubscribe,
    state_subscribeStorage: subscribeStorage,
    state_unsubscribeStorage: unsubscribe,
  }
}

function prefixOf(value: unknown): string {
  return value === undefined || value === null ? '0x' : hexBytes(value, 'prefix')
}

function keyList(value: unknown): string[] {
  if (!Array.isArray(value)) throw invalidParams('keys must be an array')
  if (value.length > MAX_QUERY_KEYS) throw invalidParams(`a query may hold ${MAX_QUERY_KEYS} keys`)
  return value.map((key) => hexBytes(key, 'key'))
}
