import { setImmediate as nextTurn } from 'node:timers/promises'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { type RpcServer, startRpcServer } from '../../rpc/server'
import type { Pallet } from '../pallets/dispatch'
import type { Scenario } from './author'
import type { Block } from './block'
import { devAccount, devBalances } from './dev-accounts'
import type { Faults, Lie } from './faults'
import { Journal } from './journal'
import { DevnetNode } from './node'
import { rpcHandler } from './rpc/handler'
import type { Methods } from './rpc/method'
import { Subscriptions } from './rpc/subscriptions'
import { authorContext } from './scripted-author'

export interface DevnetOptions {
  /** Same seed and same transactions: same blocks, same hashes. */
  readonly seed?: number
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string
  /** 0 picks a free port. */
  readonly port?: number
  /** Time between blocks; 0 makes blocks on demand only (`produceBlocks`). */
  readonly blockTimeMs?: number
  /** Delay of every answer. */
  readonly latencyMs?: number
  /** State of blocks below is gone from the start. */
  readonly prunedBelowHeight?: number
  /** Heights about which the node lies from the start. */
  readonly lies?: Readonly<Record<number, Lie>>
  /** How many blocks the finalized head is behind the best. */
  readonly finalityLagBlocks?: number
  readonly specVersion?: number
  /** The block at `height` is the last that runs the older spec. */
  readonly upgrades?: readonly { readonly height: number; readonly specVersion: number }[]
  /** `Timestamp` of block 0, ms; each block is 12 s later, whatever the real pace. */
  readonly genesisTimeMs?: number
  /** Free balances in rao at block 0 by account (`0x` hex), besides the development accounts'. */
  readonly balances?: Readonly<Record<string, bigint>>
  readonly sudoKey?: string
  readonly pallets?: readonly Pallet[]
  readonly scenario?: Scenario
  /** Blocks made before the first request is answered. */
  readonly initialBlocks?: number
  /** Where the transactions of clients are kept, so that the next start makes the same blocks again. */
  readonly journalFile?: string
  readonly extraMethods?: Methods
}

export interface Devnet {
  readonly wsUrl: string
  readonly httpUrl: string
  readonly port: number
  readonly genesisHash: string
  readonly node: DevnetNode
  /** Makes blocks now; the last one. */
  produceBlocks(count: number): Promise<Block>
  /** Puts an extrinsic (SCALE hex) into the pool; its hash. @throws RpcError */
  submit(extrinsicHex: string): string
  readonly faults: DevnetFaults
  close(): Promise<void>
}

export interface DevnetFaults {
  /** State below the height is gone for good. */
  prune(beforeHeight: number): void
  dropConnections(): void
  /** Leaves the last blocks for another branch that is one block longer. */
  fork(depthBlocks: number, options?: { readonly dropTransactions?: boolean }): Block[]
  lie(height: number, kind?: Lie): void
  tellTruth(): void
  /** Nothing listens on the port while true. */
  unreachable(is: boolean): Promise<void>
  latency(latencyMs: number): void
  finalityLag(blocks: number): void
  /** 0 stops making blocks by itself. */
  blockTime(blockTimeMs: number): void
}

const DEFAULT_SPEC = 424
/** 2026-01-01T00:00:00Z */
const DEFAULT_GENESIS_TIME_MS = 1_767_225_600_000
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
    genesisTimeMs: options.genesisTimeMs ?? DEFAULT_GENESIS_TIME_MS,
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
    faults: {
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
    },
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

/** Makes blocks by the clock. */
class Pace {
  private timer?: NodeJS.Timeout

  constructor(private readonly produce: () => unknown) {}

  set(blockTimeMs: number): void {
    clearInterval(this.timer)
    this.timer = blockTimeMs > 0 ? setInterval(this.produce, blockTimeMs) : undefined
  }
}

/** The server, which may be away for a while and comes back on the same port. */
class Listener {
  private away = false

  constructor(
    public server: RpcServer,
    private readonly listen: (port: number) => Promise<RpcServer>,
    private readonly subscriptions: Subscriptions,
  ) {}

  async unreachable(is: boolean): Promise<void> {
    if (is === this.away) return
    this.away = is
    if (is) await this.server.close()
    else this.server = await this.listen(this.server.port)
  }

  async close(): Promise<void> {
    this.subscriptions.closeAll()
    if (!this.away) await this.server.close()
  }
}
