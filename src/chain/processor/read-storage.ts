import type { Runtime } from '@subsquid/substrate-runtime'
import { versionIn } from '../../../abi/match'
import type { StorageQuery, StorageRead, StorageResult } from '../decode/storage-read'
import { statePruned } from '../read-ahead/read-ahead-error'
import { STATE_NOT_RECORDED } from '../recording/node-handler'

/** Keys asked for in one request. */
const MAX_KEYS_PER_REQUEST = 500

export interface StorageBlock {
  readonly height: number
  readonly hash: string
  readonly parentHash: string
  readonly runtime: Runtime
  readonly parentRuntime: Runtime
}

/**
 * Performs what a decoder asked for.
 * @throws LedgerError SL-NODE-PRUNED when the node held this state once and holds it no more
 */
export async function readStorage(read: StorageRead, block: StorageBlock): Promise<StorageResult> {
  // Block 0 has no parent; nothing happens in it, so that its own state is what was there before.
  const ofParent = read.at === 'parent' && block.height > 0
  const runtime = ofParent ? block.parentRuntime : block.runtime
  const hash = ofParent ? block.parentHash : block.hash
  const known = read.queries.map((query) => versionIn(runtime, query.item) !== undefined)
  const keys = read.queries.flatMap((query, i) => (known[i] ? encodeKeys(runtime, query) : []))
  try {
    const values = await fetchValues(runtime, hash, keys)
    return read.queries.map((query, i) => (known[i] ? decodeValues(runtime, query, values) : null))
  } catch (error) {
    if (isNotRecorded(error)) return 'unavailable'
    if (isPruned(error)) throw statePruned(ofParent ? block.height - 1 : block.height, error)
    throw error
  }
}

const encodeKeys = (runtime: Runtime, { item, keys }: StorageQuery): string[] =>
  keys.map((key) => runtime.encodeStorageKey(item.id, ...key))

function decodeValues(runtime: Runtime, query: StorageQuery, values: ReadonlyMap<string, string>): unknown[] {
  return encodeKeys(runtime, query).map((key) => {
    const value = values.get(key)
    return value === undefined ? undefined : runtime.decodeStorageValue(query.item.id, value)
  })
}

interface StorageChanges {
  readonly changes: readonly (readonly [key: string, value: string | null])[]
}

async function fetchValues(
  runtime: Runtime,
  hash: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const distinct = [...new Set(keys)]
  const parts: string[][] = []
  for (let i = 0; i < distinct.length; i += MAX_KEYS_PER_REQUEST) {
    parts.push(distinct.slice(i, i + MAX_KEYS_PER_REQUEST))
  }
  const answers = await Promise.all(
    parts.map((part): Promise<StorageChanges[]> => runtime.rpc.call('state_queryStorageAt', [part, hash])),
  )
  const changes = answers.flatMap((answer) => answer.flatMap((set) => set.changes))
  return new Map(changes.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])))
}

const isNotRecorded = (error: unknown): boolean =>
  (error as { code?: number }).code === STATE_NOT_RECORDED || /not recorded/.test(String(error))

/** What polkadot-sdk answers for state below the pruning window (`sc-client-db`, `sp-blockchain`). */
export const isPruned = (error: unknown): boolean => /State already discarded|pruned/i.test(String(error))
