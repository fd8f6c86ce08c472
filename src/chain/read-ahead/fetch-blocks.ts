import { SYSTEM_EVENTS_KEY } from '../recording/node-handler'
import { headerHash } from './header-hash'
import type { ReadAheadLimits } from './limits'
import type { NodeBlock, RawBlock } from './raw-block'
import { blockMissing, contradiction, statePruned } from './read-ahead-error'
import { inferVersions, type RuntimeVersion, runtimeIdOf } from './runtime-versions'
import type { Upstream } from './upstream'

export interface FetchedBlocks {
  readonly blocks: RawBlock[]
  /** The runtime versions that occur, by their id. */
  readonly versions: ReadonlyMap<string, RuntimeVersion>
}

/**
 * Finalized blocks `from` to `to` (heights, both included) in two round trips: hashes, then everything else.
 * Each block is checked against itself: its height, and its hash recomputed from its header.
 */
export async function fetchBlocks(
  upstream: Upstream,
  from: number,
  to: number,
  limits: ReadAheadLimits,
): Promise<FetchedBlocks> {
  const hashes = await fetchHashes(upstream, from, to, limits)
  const count = hashes.length
  const version = (position: number) => ({ method: 'state_getRuntimeVersion', params: [hashes[position]] })
  const answers = await upstream
    .batch([
      ...hashes.map((hash) => ({ method: 'chain_getBlock', params: [hash] })),
      ...hashes.map((hash) => ({ method: 'state_getStorageAt', params: [SYSTEM_EVENTS_KEY, hash] })),
      version(0),
      version(count - 1),
    ])
    .catch((error) => {
      throw isPruned(error) ? statePruned(from, error) : error
    })
  const versions = await inferVersions<RuntimeVersion>(
    count,
    answers[2 * count],
    answers[2 * count + 1],
    (a, b) => runtimeIdOf(a) === runtimeIdOf(b),
    (position) => upstream.call('state_getRuntimeVersion', [hashes[position]]),
  )
  const known = new Map<string, RuntimeVersion>()
  let bytes = 0
  const blocks = hashes.map((hash, position) => {
    const runtimeId = runtimeIdOf(versions[position]!)
    known.set(runtimeId, versions[position]!)
    const block = toRawBlock(from + position, hash, answers[position], answers[count + position], runtimeId)
    bytes += block.blockText.length + block.eventsText.length
    return block
  })
  upstream.observe(2 * count, bytes)
  return { blocks, versions: known }
}

async function fetchHashes(
  upstream: Upstream,
  from: number,
  to: number,
  limits: ReadAheadLimits,
): Promise<string[]> {
  const calls = Array.from({ length: to - from + 1 }, (_, i) => ({
    method: 'chain_getBlockHash',
    params: [from + i],
  }))
  for (let attempt = 1; ; attempt += 1) {
    const hashes = await upstream.batch(calls)
    const missing = hashes.findIndex((hash) => typeof hash !== 'string')
    if (missing === -1) return hashes
    // Behind a load balancer one node may lag behind the one that named the head.
    if (attempt === limits.maxMissingBlockAttempts) throw blockMissing(from + missing, attempt)
    await new Promise((resolve) => setTimeout(resolve, limits.missingBlockPauseMs))
  }
}

function toRawBlock(
  height: number,
  hash: string,
  answer: NodeBlock | null,
  events: string | null,
  runtimeId: string,
): RawBlock {
  if (answer === null)
    throw contradiction(height, 'the node named its hash, but denies to have it.', { hash })
  const { header } = answer.block
  if (Number.parseInt(header.number, 16) !== height) {
    throw contradiction(
      height,
      `the node answered with the header of block ${Number.parseInt(header.number, 16)}.`,
      {
        hash,
      },
    )
  }
  // A development chain may invent the hash of its first block.
  const computed = height === 0 ? hash : headerHash(header)
  if (computed !== hash) {
    throw contradiction(height, `its header hashes to ${computed}, the node names ${hash}.`, {
      hash,
      computed,
    })
  }
  const { parentHash } = header
  return {
    height,
    hash,
    parentHash,
    blockText: JSON.stringify(answer),
    eventsText: JSON.stringify(events ?? null),
    runtimeId,
  }
}

/** polkadot-sdk's sc_client_api: `State already discarded for …`. */
export function isPruned(error: unknown): boolean {
  return error instanceof Error && /state already discarded/i.test(error.message)
}
