import { setImmediate as nextTurn } from 'node:timers/promises'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { startRpcServer } from '../../rpc/server'
import type { Block } from './block'
import { devAccount, devBalances } from './dev-accounts'
import type { Devnet, DevnetFaults, DevnetOptions } from './devnet-options'
import type { Faults } from './faults'
import { GENESIS_TIME_MS } from './genesis-time'
import { Journal } from './journal'
import { Listener, Pace } from './listener'
import { DevnetNode } from './node'
import { rpcHandler } from './rpc/handler'
import { Subscriptions } from './rpc/subscriptions'
import { authorContext } from './scripted-author'

const DEFAULT_SPEC = 424
/** Blocks made in one turn of the event loop, so that clients are served in between. */
const BLOCKS_PER_TURN = 8

export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  await cryptoWaitReady()
  const { scenario } = options
  const node = new DevnetNode({
    seed: options.seed ?? 1,
    specVersion: options.specVersion ?? DEFAULT_SPEC,
    upgrades: options.upgrades ?? [],
    finalityLagBlocks: options.finalityLagBlocks ?? 0,
    genesisTimeMs: options.genesisTimeMs ?? GENESIS_TIME_MS,
    balances: { ...devBalances(), ...scenario?.balances, ...options.balances },
    sudoKey: options.sudoKey ?? scenario?.sudoKey ?? devAccount('Alice'),
    pallets: options.pallets ?? [],
  })
  const faults = faultsAtStart(options)
  const subscriptions = new Subscriptions()
  const handle = rpcHandler({ node, faults, subscriptions }, options.extraMethods)
  const journal = options.journalFile ? new Journal(options.journalFile, node.chain.genesis.hash) : undefined
  const produce = (): Block => {
    const height = node.chain.head.height + 1
    for (const hex of journal?.at(height) ?? []) node.submit(hex)
    scenario?.beforeBlock(authorContext(node))
    const block = node.produceBlock()
    journal?.add(height, node.clientExtrinsics(block))
    return block
  }
  const produceBlocks = async (count: number): Promise<Block> => {
    for (let i = 0; i < count; i++) {
      produce()
      if (i % BLOCKS_PER_TURN === BLOCKS_PER_TURN - 1) await nextTurn()
    }
    return node.chain.head
  }
  await produceBlocks(Math.max(options.initialBlocks ?? 0, journal?.lastHeight ?? 0))
  const host = options.host ?? '127.0.0.1'
  const listen = (port: number) => startRpcServer({ host, port, handle })
  const listener = new Listener(await listen(options.port ?? 0), listen, subscriptions)
  const pace = new Pace(produce)
  pace.set(options.blockTimeMs ?? 0)
  return {
    wsUrl: listener.server.wsUrl,
    httpUrl: listener.server.httpUrl,
    port: listener.server.port,
    genesisHash: node.chain.genesis.hash,
    node,
    produceBlocks,
    submit: (hex) => node.submit(hex).hash,
    faults: faultsOf(node, faults, listener, pace, produce),
    async close() {
      pace.set(0)
      await listener.close()
    },
  }
}

function faultsAtStart(options: DevnetOptions): Faults {
  const lies = Object.entries(options.lies ?? {}).map(([height, lie]) => [Number(height), lie] as const)
  return {
    latencyMs: options.latencyMs ?? 0,
    prunedBelowHeight: options.prunedBelowHeight ?? 0,
    lies: new Map(lies),
  }
}

function faultsOf(
  node: DevnetNode,
  faults: Faults,
  listener: Listener,
  pace: Pace,
  produce: () => Block,
): DevnetFaults {
  return {
    prune(beforeHeight) {
      faults.prunedBelowHeight = Math.max(faults.prunedBelowHeight, beforeHeight)
      node.chain.state.prune(beforeHeight)
    },
    dropConnections: () => listener.server.dropConnections(),
    fork: (depthBlocks, forkOptions) => [...node.fork(depthBlocks, forkOptions), produce()],
    lie: (height, kind = 'parent-hash') => faults.lies.set(height, kind),
    tellTruth: () => faults.lies.clear(),
    unreachable: (is) => listener.unreachable(is),
    latency(latencyMs) {
      faults.latencyMs = latencyMs
    },
    finalityLag(blocks) {
      node.chain.finalityLagBlocks = blocks
      node.chain.finalizeUpTo(node.chain.head.height - blocks)
    },
    blockTime: (blockTimeMs) => pace.set(blockTimeMs),
  }
}
