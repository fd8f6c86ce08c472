import { LedgerError } from '../../errors/ledger-error'
import { callNode } from '../../observability/node-call'
import type { Link } from './continuity'

/** Subsquid's client asks a silent node for ever: this is how long one may be silent at the start. */
const PROBE_TIMEOUT_MS = 15_000

/**
 * Asks the node for its genesis before anything is written.
 * @param expected hash of block 0; a recording that does not hold that block is not refused
 * @throws LedgerError SL-NODE-UNREACHABLE within `timeoutMs`, SL-NODE-REFUSED, SL-WRONG-NETWORK
 */
export async function probeNode(
  url: string,
  expected: string | undefined,
  timeoutMs = PROBE_TIMEOUT_MS,
): Promise<void> {
  const genesis = await callNode(url, { method: 'chain_getBlockHash', params: [0] }, timeoutMs)
  if (expected === undefined || genesis === null || genesis === expected) return
  throw new LedgerError('SL-WRONG-NETWORK', 'user', 'The node serves another chain than the one named.', {
    remedy: 'Name a node of that network with --rpc, or the right network with --network.',
    facts: { nodeGenesis: String(genesis), expectedGenesis: expected },
  })
}

/**
 * The node must know the last indexed block under the same hash.
 * @throws LedgerError SL-CHAIN-CONTRADICTION
 */
export async function checkSameChain(
  node: { getBlockHash(height: number): Promise<string | null | undefined> },
  indexed: Link,
): Promise<void> {
  if (indexed.height < 0) return
  const hash = await node.getBlockHash(indexed.height)
  if (hash === indexed.hash) return
  const message = `The node has another block ${indexed.height} than the one that was indexed.`
  throw new LedgerError('SL-CHAIN-CONTRADICTION', 'contradiction', message, {
    remedy: 'Compare both hashes with another node. Nothing was written.',
    facts: { height: indexed.height, hash: hash ?? null, indexedHash: indexed.hash },
  })
}
