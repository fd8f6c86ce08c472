import path from 'node:path'
import { cachedGenesis } from '../../chain/read-ahead/read-ahead'
import type { Settings } from '../../config/config'
import { networks } from '../../config/networks'
import type { Devnet } from '../../devnet'
import { LedgerError } from '../../errors/ledger-error'
import { callNode } from '../../observability/node-call'
import type { Session } from '../session'
import { indexedHeight } from './indexed-height'
import { openDevnet } from './open-devnet'

/** Longest wait for a node's first answer. */
const NODE_TIMEOUT_MS = 15_000

export interface OpenChain {
  readonly nodeUrl: string
  readonly genesisHash: string
  /** The embedded chain, when that is the node. */
  readonly devnet?: Devnet
}

/** The node that blocks come from: the embedded devnet, or the one that was named. @param played subnets whose validators somebody plays */
export async function openChain(
  settings: Settings,
  databaseUrl: string,
  session: Session,
  played: readonly number[] = [],
): Promise<OpenChain> {
  if (settings.network === 'devnet') {
    const knownHeight = await indexedHeight(databaseUrl)
    const devnet = await openDevnet(settings, { knownHeight, played }, session)
    return { nodeUrl: devnet.wsUrl, genesisHash: devnet.genesisHash, devnet }
  }
  const nodeUrl = settings.rpcUrl!
  const genesisHash = await genesisOf(settings, nodeUrl, session)
  const expected = networks[settings.network].genesisHash
  if (expected && genesisHash !== expected) {
    throw new LedgerError(
      'SL-WRONG-NETWORK',
      'user',
      `The node at ${nodeUrl} does not serve ${settings.network}.`,
      {
        remedy: 'Name a node of that network with --rpc, or the right network with --network.',
        facts: { nodeGenesis: genesisHash, networkGenesis: expected },
      },
    )
  }
  return { nodeUrl, genesisHash }
}

/** What was indexed once can be indexed again without the node: the block cache knows which chain it served. */
async function genesisOf(settings: Settings, nodeUrl: string, session: Session): Promise<string> {
  try {
    const call = { method: 'chain_getBlockHash', params: [0] }
    return (await callNode(nodeUrl, call, NODE_TIMEOUT_MS)) as string
  } catch (error) {
    const isAway = error instanceof LedgerError && error.code === 'SL-NODE-UNREACHABLE'
    const isCached = settings.readAhead && settings.blockCacheMib > 0
    const known =
      isAway && isCached ? await cachedGenesis(path.resolve(settings.dataDir, 'blocks'), nodeUrl) : undefined
    if (known === undefined) throw error
    session.say('The node gives no answer. Blocks come from the cache, as far as it goes.')
    return known
  }
}
